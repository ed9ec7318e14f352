using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Manifests.Findings;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>The files that a snapshot may have in <c>manifests</c>.</summary>
internal static class ManifestFiles
{
    /// <summary>What follows the snapshot's id in their names.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".manifest", ".sha256", ShortfallFile.Extension,
        MissingFile.Extension, VerificationFile.Extension, IntakeFile.Extension];

    /// <summary>Whose file that is; null where it is none of them.</summary>
    public static SnapshotId? OwnerOf(string name)
    {
        var extension = Extensions.FirstOrDefault(one => name.EndsWith(one, StringComparison.Ordinal));
        return extension is not null && SnapshotId.TryParse(name[..^extension.Length], out var id) ? id : null;
    }
}
