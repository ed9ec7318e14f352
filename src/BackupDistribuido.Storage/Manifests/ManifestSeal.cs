using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>What ends a manifest: how many entry lines it has, the files' bytes in all, and the SHA-256 over all entry
/// lines.</summary>
public readonly record struct ManifestSeal(long Entries, long Bytes, Sha256Digest Digest);
