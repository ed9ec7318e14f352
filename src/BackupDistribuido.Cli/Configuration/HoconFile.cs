using Akka.Configuration;
using BackupDistribuido.Cli.Configuration.Syntax;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>One layer of the configuration: a HOCON text whose keys below <c>backup</c> all exist and all have values
/// of their kind.</summary>
internal sealed class HoconFile
{
    private readonly Config _config;
    private readonly Dictionary<string, int> _lines;

    private HoconFile(string name, Config config, Dictionary<string, int> lines) =>
        (Name, _config, _lines) = (name, config, lines);

    /// <summary>How messages call it.</summary>
    public string Name { get; }

    /// <summary>The whole text as Akka reads it; besides <c>backup</c> it can only have <c>akka { … }</c>.</summary>
    public Config Akka => _config;

    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandFailure">It can't be read, is broken, has a key that does not exist or a value of
    /// another kind.</exception>
    public static HoconFile Load(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            // Bytes that are not UTF-8 would be read as another name.
            if (Utf8Problem.LineOf(bytes) is { } line)
                throw CommandFailure.Usage(
                    FormattableString.Invariant(
                        $"{path}:{line}: it is not UTF-8; a folder whose name is not can be given by a link to it"));
            return Parse(path, new StreamReader(new MemoryStream(bytes)).ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandFailure.Usage($"--config {path}: {Unreadable.Why(path, e)}");
        }
    }

    /// <summary>Reads a text; <paramref name="name"/> is what messages call it.</summary>
    /// <exception cref="CommandFailure">As <see cref="Load"/>.</exception>
    public static HoconFile Parse(string name, string text)
    {
        try
        {
            var outline = HoconOutline.Read(text);
            var keys = outline.Keys;
            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var key in keys) lines[key.Path] = key.Line;
            var file = new HoconFile(name,
                keys.Count == 0
                    ? ConfigurationFactory.Empty : ConfigurationFactory.ParseString(outline.WithoutCommas), lines);
            foreach (var key in keys) file.Check(key);
            return file;
        }
        catch (HoconSyntaxException e)
        {
            throw CommandFailure.Usage($"{name}:{e.Line}: {e.Message}");
        }
        catch (Exception e) when (e is FormatException or ConfigurationException)
        {
            // The outline accepts it and Akka does not: Akka's message has no position.
            throw CommandFailure.Usage($"{name}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>False where this layer does not have the setting; a null value where it says that it is not
    /// set.</summary>
    public bool TryGet(Setting setting, out string? text, out string where)
    {
        where = _lines.TryGetValue(setting.Key, out var line) ? Where(setting.Key, line) : "";
        text = where.Length == 0 ? null : _config.GetString(setting.Key);
        return where.Length > 0;
    }

    /// <summary>As <see cref="TryGet"/>, for an array.</summary>
    public bool TryGetList(ListSetting setting, out IReadOnlyList<string> texts, out string where)
    {
        where = _lines.TryGetValue(setting.Key, out var line) ? Where(setting.Key, line) : "";
        texts = where.Length == 0 ? [] : List(setting.Key);
        return where.Length > 0;
    }

    // Akka's parser takes an empty array for no array.
    private IReadOnlyList<string> List(string key) =>
        _config.GetValue(key).IsArray() ? [.. _config.GetStringList(key)] : [];

    private string Where(string key, int line) => $"{key} ({Name}:{line})";

    private void Check(HoconKey key)
    {
        var dot = key.Path.IndexOf('.');
        var top = dot < 0 ? key.Path : key.Path[..dot];
        if (top == "akka" || key.Path == "backup.{}") return;
        var setting = Settings.All.FirstOrDefault(setting => setting.Key == key.Path);
        if (setting is null) throw Unknown(key, top);
        if (key.IsList != setting.IsList)
            throw CommandFailure.Usage(
                $"{Where(key.Path, key.Line)}: this takes "
                + $"{(setting.IsList
                    ? $"an array; for example: [ \"{setting.Example}\" ]" : "one value, not an array")}");
        var texts = setting.IsList ? List(key.Path) : [_config.GetString(key.Path)];
        foreach (var text in texts.OfType<string>()) setting.Check(text, Where(key.Path, key.Line));
    }

    private CommandFailure Unknown(HoconKey key, string top)
    {
        var path = key.Path.EndsWith(".{}", StringComparison.Ordinal) ? key.Path[..^3] : key.Path;
        var below = Settings.All.Select(setting => setting.Key)
            .Where(known => known.StartsWith(path + ".", StringComparison.Ordinal)).ToList();
        if (below.Count > 0)
        {
            return path == key.Path
                ? CommandFailure.Usage(
                    $"{Where(path, key.Line)}: this is a section with its own keys, such as {below[0]}; it takes no "
                    + "value")
                : CommandFailure.Usage($"{Where(path, key.Line)}: this section is empty; remove it, or set {below[0]}");
        }
        var meant = Spelling.Nearest(path, Settings.All.Select(setting => setting.Key))
            ?? (top == "backup" ? null : Spelling.Nearest(top, ["backup", "akka"]));
        return CommandFailure.Usage($"unknown key {path} ({Name}:{key.Line}); "
            + (meant is not null
                ? $"did you mean {meant}?" : top == "backup"
                ? "the files in hocon/ name every key" : "only backup { … } and akka { … } are read"));
    }
}
