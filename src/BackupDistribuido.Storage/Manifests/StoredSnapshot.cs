using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>
/// A snapshot that was published, and the seal of its manifest; null where the manifest is missing or has no seal.
/// <paramref name="Verified"/> is what reading it again has found last; null: that was never done.
/// <paramref name="Arrived"/> is when its manifest was written here, by this machine's clock; null where that is not
/// known. <paramref name="Missing"/> is how many entries its replica lacks; null where that can't be read.
/// </summary>
public readonly record struct StoredSnapshot(SnapshotId Id, ManifestSeal? Seal, Verification? Verified = null,
    DateTimeOffset? Arrived = null, long? Missing = null);
