using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>One page at the origin between its announcement and the moment when all its digests are known.</summary>
public sealed class OutgoingPage
{
    private readonly Entry[] _entries;

    /// <summary>A page of the given entries, at least one and at most <see cref="WireLimits.PageEntries"/>.</summary>
    public OutgoingPage(int number, long first, Entry[] entries)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Length, WireLimits.PageEntries);
        (Number, First, _entries) = (number, first, entries);
    }

    /// <summary>The page's number.</summary>
    public int Number { get; }

    /// <summary>The number of its first entry.</summary>
    public long First { get; }

    /// <summary>How many entries it has.</summary>
    public int Count => _entries.Length;

    /// <summary>Every digest is known: the lines are final.</summary>
    public bool IsComplete => _entries.All(entry => entry is not FileEntry { Digest: null });

    /// <summary>Whether the page can be announced with that entry in place of the one of that number: attributes may
    /// have grown since the page was cut.</summary>
    public bool HasRoomFor(long number, Entry entry) =>
        Paging.LongestLine(entry) <= Paging.LongestLine(this[number])
        || _entries.Sum(Paging.LongestLine) - Paging.LongestLine(this[number]) + Paging.LongestLine(entry)
            <= WireLimits.PageBytes;

    /// <summary>The entry of that number, as it is known now.</summary>
    public Entry this[long number]
    {
        get => _entries[number - First];
        set => _entries[number - First] = value;
    }

    /// <summary>The lines as they are known now.</summary>
    public ReadOnlyMemory<byte> Lines() => EntryLines.Write(_entries);

    /// <summary>The header for <see cref="Lines"/>.</summary>
    public PageFrame Frame(ReadOnlySpan<byte> lines) =>
        new(Number, First, Count, lines.Length, Sha256Digest.Of(lines));
}
