using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>One announced page at a receiver: its entries as they are known now, and which of them are final.</summary>
public sealed class IncomingPage
{
    private readonly Entry[] _entries;
    private readonly bool[] _final;
    private int _open;

    internal IncomingPage(int number, long first, Entry[] entries)
    {
        (Number, First, _entries) = (number, first, entries);
        _final = [.. entries.Select(entry => entry is not FileEntry)];
        _open = _final.Count(final => !final);
    }

    /// <summary>The page's number.</summary>
    public int Number { get; }

    /// <summary>The number of its first entry.</summary>
    public long First { get; }

    /// <summary>How many entries it has.</summary>
    public int Count => _entries.Length;

    /// <summary>Every entry is final: no content is lacked, every digest known.</summary>
    public bool IsComplete => _open == 0;

    /// <summary>The entry of that number.</summary>
    public Entry this[long number] => _entries[number - First];

    /// <summary>Whether the entry of that number is in this page.</summary>
    public bool Has(long number) => number >= First && number < First + _entries.Length;

    /// <summary>The page's manifest lines.</summary>
    public ReadOnlyMemory<byte> Lines() => EntryLines.Write(_entries);

    internal void Replace(long number, Entry entry, bool isFinal)
    {
        var at = number - First;
        _entries[at] = entry;
        if (_final[at] != isFinal) _open += isFinal ? -1 : 1;
        _final[at] = isFinal;
    }

    /// <summary>A later link announces the page again. Only files may differ, in their content or because they were
    /// left out since.</summary>
    internal void AnnounceAgain(long first, Entry[] entries)
    {
        if (first != First || entries.Length != _entries.Length)
            throw new UnfitManifestException(ErrorCode.Order, $"page {Number} has other entries than before");
        for (var i = 0; i < entries.Length; i++)
        {
            var (before, now) = (_entries[i], entries[i]);
            if (now.Path != before.Path || !MayBecome(before, now))
                throw new UnfitManifestException(ErrorCode.Order,
                    $"page {Number}: '{before.Path}' became another entry");
            if (now is OmittedEntry) Replace(First + i, now, isFinal: true);
            else if (now is FileEntry) Replace(First + i, now, isFinal: false);
        }
    }

    private static bool MayBecome(Entry before, Entry now) => (before, now) switch
    {
        (FileEntry, FileEntry or OmittedEntry) or (HardLinkEntry, OmittedEntry) => true,
        _ => before == now,
    };
}
