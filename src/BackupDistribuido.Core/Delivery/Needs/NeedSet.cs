using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Trees.Lines;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>
/// What a receiver lacks of one file: everything from byte <see cref="Offset"/> on. An offset equal to the file's
/// length means that it has all the content and lacks only the digest.
/// </summary>
public readonly record struct Need(long Entry, long Offset);

/// <summary>
/// What a receiver lacks of one manifest page, by ascending entry number, each at most once. As text one line per
/// range: <c>FIRST-LAST</c> or <c>FIRST</c> for files lacked from their beginning, <c>ENTRY OFFSET</c> otherwise.
/// </summary>
public sealed class NeedSet
{
    private NeedSet(ImmutableArray<Need> needs) => Needs = needs;

    /// <summary>Nothing is lacked.</summary>
    public static NeedSet Nothing { get; } = new([]);

    /// <summary>The needs by growing entry number.</summary>
    public ImmutableArray<Need> Needs { get; }

    /// <summary>A set of needs given by growing entry number.</summary>
    /// <exception cref="ArgumentException">They do not grow.</exception>
    public static NeedSet Of(IEnumerable<Need> needs)
    {
        var array = needs.ToImmutableArray();
        for (var i = 1; i < array.Length; i++)
        {
            if (array[i].Entry <= array[i - 1].Entry)
                throw new ArgumentException("Needs must grow by entry number.", nameof(needs));
        }
        return array.IsEmpty ? Nothing : new NeedSet(array);
    }

    /// <summary>What either lacks: of each file from the smaller of the two offsets.</summary>
    public NeedSet MergedWith(NeedSet other)
    {
        if (Needs.IsEmpty) return other;
        if (other.Needs.IsEmpty) return this;
        var merged = ImmutableArray.CreateBuilder<Need>(Math.Max(Needs.Length, other.Needs.Length));
        for (int a = 0, b = 0; a < Needs.Length || b < other.Needs.Length;)
        {
            if (b == other.Needs.Length || (a < Needs.Length && Needs[a].Entry < other.Needs[b].Entry))
                merged.Add(Needs[a++]);
            else if (a == Needs.Length || other.Needs[b].Entry < Needs[a].Entry) merged.Add(other.Needs[b++]);
            else merged.Add(Needs[a] with { Offset = Math.Min(Needs[a++].Offset, other.Needs[b++].Offset) });
        }
        return new NeedSet(merged.ToImmutable());
    }

    /// <summary>From which byte on a file is lacked; null where it is not.</summary>
    public long? OffsetOf(long entry)
    {
        var at = Needs.AsSpan().BinarySearch(new Need(entry, 0), ByEntry.Instance);
        return at < 0 ? null : Needs[at].Offset;
    }

    /// <summary>Writes the text.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        for (var i = 0; i < Needs.Length;)
        {
            var run = i + 1;
            while (Needs[i].Offset == 0 && run < Needs.Length && Needs[run].Offset == 0
                && Needs[run].Entry == Needs[run - 1].Entry + 1) run++;
            var line = new FieldWriter(output);
            line.Field(Needs[i].Entry);
            if (run > i + 1)
            {
                output.Write("-"u8);
                var last = new FieldWriter(output);
                last.Field(Needs[run - 1].Entry);
            }
            if (Needs[i].Offset > 0) line.Field(Needs[i].Offset);
            line.EndLine();
            i = run;
        }
    }

    /// <summary>
    /// Parses the text of needs that lie within <paramref name="first"/> to <paramref name="first"/> +
    /// <paramref name="count"/> - 1; nothing else is taken, so no more than <paramref name="count"/> needs are ever
    /// allocated.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, long first, int count, [NotNullWhen(true)] out NeedSet? needs,
        [NotNullWhen(false)] out string? why)
    {
        needs = null;
        var parsed = ImmutableArray.CreateBuilder<Need>();
        var lowest = first;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            why = end < 0 ? "need line has no end" : ReadLine(text[..end], ref lowest, first + count - 1, parsed);
            if (why is not null) return false;
            text = text[(end + 1)..];
        }
        why = null;
        needs = parsed.Count == 0 ? Nothing : new NeedSet(parsed.ToImmutable());
        return true;
    }

    private static string? ReadLine(
        ReadOnlySpan<byte> line, ref long lowest, long highest, ImmutableArray<Need>.Builder parsed)
    {
        var fields = new FieldReader(line);
        var word = fields.Word();
        var dash = word.IndexOf((byte)'-');
        var from = new FieldReader(dash < 0 ? word : word[..dash]);
        var start = from.Number(long.MaxValue);
        var last = start;
        if (dash >= 0)
        {
            var to = new FieldReader(word[(dash + 1)..]);
            last = to.Number(long.MaxValue);
            if (to.Failed) return to.Problem;
        }
        var offset = fields.AtEnd || fields.Failed || from.Failed ? 0 : fields.Number(long.MaxValue);
        var problem = fields.Problem ?? from.Problem
            ?? (!fields.AtEnd ? "more fields than expected" : null)
            ?? (start < lowest || last < start || last > highest
                ? $"need {start}-{last} is not within {lowest}-{highest}" : null)
            ?? (dash >= 0 && offset > 0 ? "a range of needs has no offset" : null);
        if (problem is not null) return problem;
        for (var entry = start; entry <= last; entry++) parsed.Add(new Need(entry, offset));
        lowest = last + 1;
        return null;
    }

    private sealed class ByEntry : IComparer<Need>
    {
        public static readonly ByEntry Instance = new();

        public int Compare(Need a, Need b) => a.Entry.CompareTo(b.Entry);
    }
}
