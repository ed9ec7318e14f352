using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>Bytes of a file from <see cref="From"/> up to, and without, <see cref="To"/>.</summary>
public readonly record struct ByteRange(long From, long To);

/// <summary>
/// The missing parts of a file: ascending ranges that do not touch, the last of which may reach to the file's end. None
/// at all means that only its digest is missing. As text <c>FROM-TO</c> separated by commas, without TO if a range
/// reaches to the end (docs/protocol.md, "Need lines").
/// </summary>
public sealed class ByteRanges : IEquatable<ByteRanges>
{
    /// <summary>The <see cref="ByteRange.To"/> of a range that reaches to the file's end.</summary>
    public const long End = long.MaxValue;

    private readonly ImmutableArray<ByteRange> _ranges;

    private ByteRanges(ImmutableArray<ByteRange> ranges) => _ranges = ranges;

    /// <summary>All of the file.</summary>
    public static ByteRanges Whole { get; } = new([new ByteRange(0, End)]);

    /// <summary>Nothing of its content, only its digest.</summary>
    public static ByteRanges DigestOnly { get; } = new([]);

    /// <summary>Everything from that byte on.</summary>
    public static ByteRanges From(long offset) =>
        offset == 0 ? Whole : offset == End ? DigestOnly : new([new ByteRange(offset, End)]);

    /// <summary>The given ranges.</summary>
    /// <exception cref="ArgumentException">They are empty, do not grow, touch, or are more than
    /// <see cref="WireLimits.Ranges"/>.</exception>
    public static ByteRanges Of(params ImmutableArray<ByteRange> ranges)
    {
        if (ranges.Length > WireLimits.Ranges) throw new ArgumentException("Too many ranges.", nameof(ranges));
        for (var i = 0; i < ranges.Length; i++)
        {
            var lowest = i == 0 ? 0 : ranges[i - 1].To;
            if ((i > 0 ? ranges[i].From <= lowest : ranges[i].From < 0) || ranges[i].To <= ranges[i].From)
                throw new ArgumentException("Ranges must grow and not touch.", nameof(ranges));
        }
        return new ByteRanges(ranges);
    }

    /// <summary>The ranges.</summary>
    public ImmutableArray<ByteRange> Ranges => _ranges;

    /// <summary>The first byte that is lacked; <see cref="End"/> where none is.</summary>
    public long First => _ranges.IsEmpty ? End : _ranges[0].From;

    /// <summary>Whether all of the file is lacked.</summary>
    public bool IsWhole => _ranges is [{ From: 0, To: End }];

    /// <summary>Whether any of those bytes is lacked.</summary>
    public bool Overlaps(long offset, long length)
    {
        foreach (var range in _ranges)
        {
            if (range.From - offset >= length) return false;
            if (range.To > offset || range.To == End) return true;
        }
        return false;
    }

    /// <summary>Whether that byte is lacked, and where that changes next.</summary>
    public (bool IsLacked, long Border) At(long offset)
    {
        foreach (var range in _ranges)
        {
            if (range.From > offset) return (false, range.From);
            if (range.To > offset) return (true, range.To);
        }
        return (false, End);
    }

    /// <summary>What either lacks. More than that where it would be more than
    /// <see cref="WireLimits.Ranges"/>.</summary>
    public ByteRanges UnionWith(ByteRanges other)
    {
        if (IsWhole || other._ranges.IsEmpty || ReferenceEquals(this, other)) return this;
        if (other.IsWhole || _ranges.IsEmpty) return other;
        var joined = ImmutableArray.CreateBuilder<ByteRange>(_ranges.Length + other._ranges.Length);
        foreach (var range in _ranges.Concat(other._ranges).OrderBy(range => range.From))
        {
            if (joined.Count > 0 && (range.From <= joined[^1].To || joined.Count == WireLimits.Ranges))
                joined[^1] = joined[^1] with { To = Math.Max(joined[^1].To, range.To) };
            else joined.Add(range);
        }
        return new ByteRanges(joined.ToImmutable());
    }

    /// <summary>One range from the first byte on: more than is lacked, in fewer words.</summary>
    public ByteRanges FromFirst() => From(First);

    /// <summary>Whether they lie within a file of that length, each that reaches its end said to.</summary>
    public bool Fit(long size) => _ranges.IsEmpty
        || (_ranges[^1].From < size && (_ranges[^1].To == End || _ranges[^1].To < size));

    /// <summary>Writes the text; there is none of nothing.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        for (var i = 0; i < _ranges.Length; i++)
        {
            if (i > 0) output.Write(","u8);
            var from = new FieldWriter(output);
            from.Field(_ranges[i].From);
            output.Write("-"u8);
            if (_ranges[i].To == End) continue;
            var to = new FieldWriter(output);
            to.Field(_ranges[i].To);
        }
    }

    /// <summary>Parses the text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ByteRanges? ranges,
        [NotNullWhen(false)] out string? why)
    {
        ranges = null;
        var parsed = ImmutableArray.CreateBuilder<ByteRange>(1);
        foreach (var part in text.Split((byte)','))
        {
            if (parsed.Count == WireLimits.Ranges)
            {
                why = $"more than {WireLimits.Ranges} ranges";
                return false;
            }
            why = ReadRange(text[part], parsed.Count == 0 ? -1 : parsed[^1].To, out var range);
            if (why is not null) return false;
            parsed.Add(range);
        }
        why = null;
        ranges = parsed is [{ From: 0, To: End }] ? Whole : new ByteRanges(parsed.DrainToImmutable());
        return true;
    }

    private static string? ReadRange(ReadOnlySpan<byte> text, long above, out ByteRange range)
    {
        range = default;
        var dash = text.IndexOf((byte)'-');
        if (dash < 0) return "a range has no dash";
        var from = new FieldReader(text[..dash]);
        var start = from.Number(End - 1);
        if (from.Failed) return from.Problem;
        var end = End;
        if (dash + 1 < text.Length)
        {
            var to = new FieldReader(text[(dash + 1)..]);
            end = to.Number(End - 1);
            if (to.Failed) return to.Problem;
        }
        range = new ByteRange(start, end);
        return start <= above || end <= start ? $"range {start}-{end} does not grow" : null;
    }

    /// <inheritdoc/>
    public bool Equals(ByteRanges? other) => other is not null && _ranges.SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ByteRanges);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_ranges.Length, First);

    /// <summary>The text; <c>-</c> where there is none.</summary>
    public override string ToString()
    {
        var text = new ArrayBufferWriter<byte>();
        Write(text);
        return text.WrittenCount == 0 ? "-" : System.Text.Encoding.ASCII.GetString(text.WrittenSpan);
    }
}
