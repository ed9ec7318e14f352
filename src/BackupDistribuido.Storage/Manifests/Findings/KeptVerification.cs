using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests.Findings;

/// <summary>Stored verifications below a ROOT, read without opening the ROOT: also while another process, or none, has
/// it.</summary>
public static class KeptVerification
{
    /// <summary>The last verification of a snapshot; null where there is none, or no such ROOT. No link below ROOT is
    /// followed.</summary>
    public static VerificationReport? Of(string root, NodeName origin, SnapshotId id)
    {
        if (Descriptor.OpenDirectory(root, out var top) != Errno.None) return null;
        using (top) return Of(top, origin, id);
    }

    /// <summary>The same below an open ROOT.</summary>
    internal static VerificationReport? Of(DestinationRoot root, NodeName origin, SnapshotId id) =>
        Of(root.Directory, origin, id);

    private static VerificationReport? Of(Descriptor root, NodeName origin, SnapshotId id)
    {
        var errno =
            root.OpenBeneath(Encoding.ASCII.GetBytes($"{origin}/manifests"), OpenFlags.Directory, out var manifests);
        using (manifests) return errno == Errno.None ? VerificationFile.Read(manifests, id) : null;
    }
}
