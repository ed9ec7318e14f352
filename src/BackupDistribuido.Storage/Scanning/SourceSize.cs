using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>How much a source has.</summary>
/// <param name="Totals">Entries, files, and the bytes that the files have, holes included.</param>
/// <param name="Room">Bytes that the files take on their disk, where that is less: what a copy with the same holes takes.</param>
/// <param name="Largest">Bytes of its largest file, holes included.</param>
public readonly record struct SourceSize(TreeTotals Totals, long Room, long Largest);
