using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>How much a source has.</summary>
/// <param name="Contents">Its entries, and the bytes that its files have, holes included.</param>
/// <param name="Room">Bytes that the files take on their disk, if less: the size of a copy with the same holes.</param>
/// <param name="Largest">Bytes of its largest file, holes included.</param>
public readonly record struct SourceSize(TreeContents Contents, long Room, long Largest)
{
    /// <summary>Entries, files, and bytes.</summary>
    public TreeTotals Totals => Contents.Totals;
}
