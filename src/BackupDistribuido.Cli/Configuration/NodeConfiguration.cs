using Akka.Configuration;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>
/// The configuration of a command, from its layers: a flag overrides the file of <c>--config</c>, the file overrides
/// the shipped defaults. A file's <c>null</c> removes the value of a lower layer.
/// </summary>
internal sealed class NodeConfiguration
{
    private readonly Flags _flags;
    private readonly HoconFile? _file;
    private readonly Lazy<IReadOnlyList<HoconFile>> _defaults;

    /// <summary>Layers of a command; <paramref name="shipped"/> names the files of shipped defaults that it reads
    /// besides <c>common</c>.</summary>
    /// <exception cref="CommandFailure">The file is invalid.</exception>
    public NodeConfiguration(Flags flags, params IReadOnlyList<string> shipped)
    {
        _flags = flags;
        _file = flags.ConfigFile is { } path ? HoconFile.Load(path) : null;
        _defaults = new(() => [.. shipped.Select(ShippedDefaults.Load), ShippedDefaults.Load("common")]);
    }

    /// <summary>The file's <c>akka { … }</c>: it goes over a node's own settings.</summary>
    public Config Akka => _file?.Akka ?? ConfigurationFactory.Empty;

    /// <summary>True where a flag sets it.</summary>
    public bool IsFlag(Setting setting) => _flags.TryGet(setting, out _);

    /// <summary>The value, or what <paramref name="otherwise"/> gives where none is set.</summary>
    public T Get<T>(Setting<T> setting, Func<T> otherwise) =>
        Locate(setting) is var (text, where) ? setting.Parse(text, where) : otherwise();

    /// <summary>The value of a setting that has a default.</summary>
    /// <exception cref="CommandFailure">It is not set.</exception>
    public T Get<T>(Setting<T> setting) =>
        Get(setting, () => throw CommandFailure.Usage($"{setting.Flag ?? setting.Key} is missing: {setting.HowToSet}"));

    /// <summary>The value, or null where none is set.</summary>
    public T? GetOrNull<T>(Setting<T> setting)
        where T : struct => Locate(setting) is var (text, where) ? setting.Parse(text, where) : null;

    /// <summary>The value, or null where none is set.</summary>
    public T? Find<T>(Setting<T> setting)
        where T : class => Locate(setting) is var (text, where) ? setting.Parse(text, where) : null;

    /// <summary>The values, none where it is not set.</summary>
    public IReadOnlyList<string> GetList(ListSetting setting)
    {
        if (_flags.TryGetList(setting, out var given))
            return [.. given.Select(text => setting.Parse(text, setting.Flag!))];
        foreach (var layer in Files)
        {
            if (layer.TryGetList(setting, out var texts, out var where))
                return [.. texts.Select(text => setting.Parse(text, where))];
        }
        return [];
    }

    private IEnumerable<HoconFile> Files => _file is null ? _defaults.Value : [_file, .. _defaults.Value];

    private (string Text, string Where)? Locate(Setting setting)
    {
        if (_flags.TryGet(setting, out var given)) return given is null ? null : (given, setting.Flag ?? setting.Key);
        foreach (var layer in Files)
        {
            if (layer.TryGet(setting, out var text, out var where)) return text is null ? null : (text, where);
        }
        return null;
    }
}
