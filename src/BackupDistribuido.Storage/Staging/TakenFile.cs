using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Staging;

/// <summary>A file that was taken from an earlier snapshot into staging.</summary>
/// <param name="Digest">The SHA-256 that its manifest says; of a copy, that was read.</param>
/// <param name="LastRead">It was last read, or received, then or later; null if unknown.</param>
public readonly record struct TakenFile(Sha256Digest Digest, DateTimeOffset? LastRead);
