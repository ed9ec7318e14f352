using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>
/// A published snapshot and the seal of its manifest; null if the manifest is missing or has no seal.
/// <paramref name="Verified"/> is the result of the last re-read; null: it was never re-read.
/// <paramref name="Arrived"/> is when its manifest was written here, by this machine's clock; null if unknown.
/// <paramref name="Missing"/> is how many entries its replica lacks; null if that can't be read.
/// </summary>
public readonly record struct StoredSnapshot(SnapshotId Id, ManifestSeal? Seal, Verification? Verified = null,
    DateTimeOffset? Arrived = null, long? Missing = null);
