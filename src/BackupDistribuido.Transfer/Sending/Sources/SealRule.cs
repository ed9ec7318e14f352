using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>What an origin makes of its tree when all of it was read.</summary>
/// <param name="WhyStopped">Why such a tree must not be published; null: it may.</param>
/// <param name="HasShrunk">Whether it is so much smaller than before that nothing older may be removed after
/// it.</param>
public sealed record SealRule(Func<TreeContents, Reason?> WhyStopped, Func<TreeContents, bool> HasShrunk);
