using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Reasons;

/// <summary>
/// Why something is as it is: a code with named parameters. Nodes send it, and the record keeps it, in the form of
/// <see cref="Encode()"/>; it becomes text only where a user sees it (<see cref="ReasonTexts"/>). Its factories are in
/// <c>Areas</c>. Every value is bounded, and harmless to a terminal.
/// </summary>
public sealed class Reason : IEquatable<Reason>
{
    /// <summary>The code of a text: of the system, of another program, or of a node of an older version.</summary>
    public const string TextCode = "text";

    /// <summary>The code of several reasons, one after the other.</summary>
    public const string SeveralCode = "several";

    /// <summary>No reason.</summary>
    public static readonly Reason None = new("", []);

    /// <summary>Most characters of one value.</summary>
    private const int MaxValue = 2048;

    /// <summary>Most characters of one reason that is read.</summary>
    private const int MaxEncoded = 16 * 1024;

    private const int MaxParts = 16;

    private readonly ImmutableArray<(string Name, string Value)> _parts;

    private Reason(string code, ImmutableArray<(string Name, string Value)> parts) => (Code, _parts) = (code, parts);

    /// <summary>Which reason it is: <c>link.lost</c>. Codes are for programs; they do not change.</summary>
    public string Code { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsNone => Code.Length == 0;

    /// <summary>Its parameters, by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Parts => _parts;

    /// <summary>The value of that name; null: it has none.</summary>
    public string? Find(string name) => _parts.FirstOrDefault(part => part.Name == name).Value;

    /// <summary>A reason with its own code: for the factories, whose texts are in the resource files.</summary>
    internal static Reason Of(string code, params ReadOnlySpan<(string Name, ReasonValue Value)> parts)
    {
        var all = ImmutableArray.CreateBuilder<(string, string)>(parts.Length);
        foreach (var (name, value) in parts) all.Add((name, Bounded(value.Text)));
        return new Reason(code, all.MoveToImmutable());
    }

    /// <summary>Foreign text: from the system, another program, or a node of an older version.</summary>
    public static Reason Text(string text) =>
        text.Length == 0 ? None : new Reason(TextCode, [(TextCode, Bounded(text))]);

    /// <summary>Why that was thrown.</summary>
    public static Reason Of(Exception problem) =>
        (problem as IReasoned ?? problem.InnerException as ReasonException)?.Reason ?? Text(problem.Message);

    /// <summary>Several, one after the other.</summary>
    public static Reason Several(IEnumerable<Reason> reasons)
    {
        var all = reasons.Where(reason => !reason.IsNone).Take(MaxParts).ToList();
        return all.Count switch
        {
            0 => None,
            1 => all[0],
            _ => new Reason(SeveralCode, [.. all.Select((reason, i) => ($"r{i + 1}", reason.Encode()))]),
        };
    }

    /// <summary>What <see cref="Encode()"/> has written; any other text has the code <see cref="TextCode"/>.</summary>
    public static Reason Parse(string text) =>
        text.Length == 0 ? None : text[0] == '[' && TryParse(text) is { } reason ? reason : Text(text);

    /// <summary>
    /// In one line: <c>[link.lost] address=nas:4054 why=Broken%20pipe</c>, values percent-encoded. Text stays as it is,
    /// so that older nodes, which send and expect sentences, show something either way.
    /// </summary>
    public string Encode()
    {
        if (IsNone) return "";
        if (Code == TextCode && !LooksEncoded(_parts[0].Value)) return _parts[0].Value;
        var line = new StringBuilder().Append('[').Append(Code).Append(']');
        foreach (var (name, value) in _parts) line.Append(' ').Append(name).Append('=').Append(Escaped(value));
        return line.ToString();
    }

    /// <summary>The same with its values shortened, so that it takes no more than that encoded.</summary>
    public Reason Within(int length)
    {
        if (Fits(this)) return this;
        var (fits, longest) = (0, MaxValue);
        while (longest - fits > 1)
        {
            var middle = (fits + longest) / 2;
            if (Fits(Shortened(middle))) fits = middle;
            else longest = middle;
        }
        return Shortened(fits);

        bool Fits(Reason one) => PathText.ToAscii(one.Encode()).Length <= length;
    }

    /// <inheritdoc/>
    public bool Equals(Reason? other) =>
        other is not null && Code == other.Code && _parts.AsSpan().SequenceEqual(other._parts.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Reason);

    /// <inheritdoc/>
    public override int GetHashCode() => Encode().GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether two are the same.</summary>
    public static bool operator ==(Reason? one, Reason? other) => one is null ? other is null : one.Equals(other);

    /// <summary>Whether two differ.</summary>
    public static bool operator !=(Reason? one, Reason? other) => !(one == other);

    /// <summary>In English, as logs and JSON output have it.</summary>
    public override string ToString() => ReasonTexts.Of(this, Language.English);

    private static bool LooksEncoded(string text) => text is ['[', ..] && TryParse(text) is not null;

    private Reason Shortened(int longest) =>
        new(Code, [.. _parts.Select(part => (part.Name, Shortened(part.Value, longest)))]);

    // A reason within is shortened by its own values, so that it stays one.
    private static string Shortened(string value, int longest) => value.Length <= longest ? value
        : value[0] == '[' && TryParse(value) is { } reason ? longest == 0 ? "" : reason.Shortened(longest / 2).Encode()
        : longest == 0 ? "" : $"{value[..(longest - 1)]}…";

    private static string Bounded(string value)
    {
        var text = HarmlessText.Of(value.ReplaceLineEndings(" "));
        return text.Length <= MaxValue ? text : Shortened(text, MaxValue);
    }

    private static string Escaped(string value)
    {
        var output = new ArrayBufferWriter<byte>(value.Length + 16);
        PathText.Encode(Encoding.UTF8.GetBytes(value), output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    private static Reason? TryParse(string text)
    {
        var end = text.IndexOf(']', StringComparison.Ordinal);
        if (end < 2 || text.Length > MaxEncoded || !IsWord(text.AsSpan(1, end - 1))) return null;
        var parts = ImmutableArray.CreateBuilder<(string, string)>();
        for (var rest = text.AsSpan(end + 1); !rest.IsEmpty;)
        {
            if (rest[0] != ' ' || parts.Count == MaxParts) return null;
            var next = rest[1..].IndexOf(' ');
            var part = next < 0 ? rest[1..] : rest[1..(next + 1)];
            rest = rest[(part.Length + 1)..];
            var equals = part.IndexOf('=');
            if (equals < 1 || !IsWord(part[..equals])) return null;
            var encoded = Encoding.UTF8.GetBytes(part[(equals + 1)..].ToString());
            if (!PathText.TryDecode(encoded, out var value)) return null;
            parts.Add((part[..equals].ToString(), Bounded(Encoding.UTF8.GetString(value))));
        }
        var code = text[1..end];
        return code == TextCode && parts.Count != 1 ? null : new Reason(code, parts.ToImmutable());
    }

    private static bool IsWord(ReadOnlySpan<char> text) =>
        char.IsAsciiLetterLower(text[0]) && !text.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789.-");
}
