using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

/// <summary>The origin's report of the sealed manifest.</summary>
/// <param name="HasShrunk">The tree has lost so much since its last snapshot that it was copied only because its owner
/// allowed it: older snapshots stay, whatever is to be kept.</param>
/// <param name="Source">The origin's work, for display; null: it does not say.</param>
public sealed record SealedTree(Sha256Digest Digest, TreeTotals Totals, long Skipped, bool HasShrunk = false,
    SourceWork? Source = null);
