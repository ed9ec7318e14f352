using System.Collections.Immutable;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>What a receiver lacks of one file.</summary>
public readonly record struct Need(long Entry, ByteRanges Ranges)
{
    /// <summary>Everything from byte <paramref name="offset"/> on.</summary>
    public Need(long entry, long offset) : this(entry, ByteRanges.From(offset))
    {
    }

    /// <summary>Only its digest: all its content is there.</summary>
    public static Need OfDigest(long entry) => new(entry, ByteRanges.DigestOnly);

    /// <summary>The first byte that is lacked; <see cref="ByteRanges.End"/> where only the digest is.</summary>
    public long Offset => Ranges.First;
}

/// <summary>What a receiver lacks of one manifest page, by growing entry number, each at most once. Its text is that of
/// <see cref="NeedText"/>.</summary>
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

    /// <summary>What either lacks.</summary>
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
            else merged.Add(Needs[a] with { Ranges = Needs[a++].Ranges.UnionWith(other.Needs[b++].Ranges) });
        }
        return new NeedSet(merged.ToImmutable());
    }

    /// <summary>What is lacked of a file; null where nothing is.</summary>
    public ByteRanges? RangesOf(long entry)
    {
        var at = Needs.AsSpan().BinarySearch(new Need(entry, ByteRanges.Whole), ByEntry.Instance);
        return at < 0 ? null : Needs[at].Ranges;
    }

    private sealed class ByEntry : IComparer<Need>
    {
        public static readonly ByEntry Instance = new();

        public int Compare(Need a, Need b) => a.Entry.CompareTo(b.Entry);
    }
}
