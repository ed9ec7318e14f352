using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Trees;

/// <summary>
/// The extended attributes of an entry (xattr(7)), access control lists among them, kept as the one text that a
/// manifest has for them: <c>-</c> for none, else <c>NAME=VALUE</c> by growing name, parted by commas. Both are
/// percent-encoded as paths are, <c>,</c> and <c>=</c> too; a value may be empty.
/// </summary>
public readonly struct ExtendedAttributes : IEquatable<ExtendedAttributes>
{
    /// <summary>
    /// Most bytes of all names and values of an entry together, decoded, and one more for each attribute.
    /// Percent-encoded and with what stands between them they are at most three times as many, which fit a line beside
    /// the longest path.
    /// </summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>Longest name in bytes (XATTR_NAME_MAX).</summary>
    public const int MaxNameBytes = 255;

    private readonly byte[]? _text;

    private ExtendedAttributes(byte[] text) => _text = text;

    /// <summary>True where there are none.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Text => _text ?? "-"u8;

    /// <summary>The attributes of the given names and values.</summary>
    /// <exception cref="ArgumentException">A name comes twice, is empty or too long, or all are more than
    /// <see cref="MaxBytes"/>.</exception>
    public static ExtendedAttributes Of(IEnumerable<(byte[] Name, byte[] Value)> attributes)
    {
        var sorted = attributes.ToList();
        if (sorted.Count == 0) return default;
        sorted.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        var text = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in sorted)
        {
            if (text.WrittenCount > 0) text.Write(","u8);
            PathText.Encode(name, text, PathText.LiteralInLists);
            text.Write("="u8);
            PathText.Encode(value, text, PathText.LiteralInLists);
        }
        return TryParse(text.WrittenSpan, out var parsed, out var why)
            ? parsed : throw new ArgumentException(why, nameof(attributes));
    }

    /// <summary>Parses the text; there is exactly one of the same attributes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ExtendedAttributes attributes,
        [NotNullWhen(false)] out string? why)
    {
        attributes = default;
        why = text.SequenceEqual("-"u8) ? null : WhyNot(text);
        if (why is null && text.Length > 1) attributes = new ExtendedAttributes(text.ToArray());
        return why is null;
    }

    private static string? WhyNot(ReadOnlySpan<byte> text)
    {
        byte[] last = [];
        var bytes = 0;
        foreach (var range in text.Split((byte)','))
        {
            if (!TrySplit(text[range], out var name, out var value))
                return "an attribute is not NAME=VALUE, percent-encoded as it must be";
            if (name.Length is 0 or > MaxNameBytes || name.AsSpan().Contains((byte)0))
                return "an attribute's name is empty, too long, or has a NUL byte";
            if (!IsCopied(name)) return "an attribute's name is in a space that is not copied";
            if (name.AsSpan().SequenceCompareTo(last) <= 0) return "attributes are out of order";
            bytes += name.Length + value.Length + 1;
            if (bytes > MaxBytes) return $"attributes have more than {MaxBytes} bytes";
            last = name;
        }
        return null;
    }

    /// <summary>Whether attributes of that name belong to a tree: those of <c>user.</c>, <c>trusted.</c> and
    /// <c>security.</c>, and POSIX access control lists. What else there is is a file system's own view of something.
    /// </summary>
    public static bool IsCopied(ReadOnlySpan<byte> name) =>
        name.StartsWith("user."u8) || name.StartsWith("trusted."u8) || name.StartsWith("security."u8)
            || name.SequenceEqual(AccessList.AttributeName) || name.SequenceEqual(AccessList.DefaultAttributeName);

    private static bool TrySplit(ReadOnlySpan<byte> attribute, out byte[] name, out byte[] value)
    {
        var at = attribute.IndexOf((byte)'=');
        value = [];
        name = [];
        return at > 0
            && PathText.TryDecode(attribute[..at], out name, PathText.LiteralInLists)
            && PathText.TryDecode(attribute[(at + 1)..], out value, PathText.LiteralInLists);
    }

    /// <summary>Names and values, decoded, by growing name.</summary>
    public IEnumerable<(byte[] Name, byte[] Value)> Decode()
    {
        if (_text is null) yield break;
        for (var start = 0; start <= _text.Length;)
        {
            var end = Array.IndexOf(_text, (byte)',', start);
            if (end < 0) end = _text.Length;
            TrySplit(_text.AsSpan(start, end - start), out var name, out var value);
            yield return (name, value);
            start = end + 1;
        }
    }

    /// <inheritdoc/>
    public bool Equals(ExtendedAttributes other) => Text.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ExtendedAttributes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.Length;

    /// <inheritdoc/>
    public override string ToString() => System.Text.Encoding.ASCII.GetString(Text);
}
