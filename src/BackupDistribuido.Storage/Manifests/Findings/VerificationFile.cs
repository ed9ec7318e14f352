using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests.Findings;

/// <summary><c>manifests/ID.verified</c>: what reading the replica again has found last, as
/// <see cref="VerificationReport.Format"/> writes it. Not there where that was never done.</summary>
internal static class VerificationFile
{
    public const string Extension = ".verified";

    /// <summary>Writes it durably. The caller is the only writer of its temporary name below
    /// <paramref name="manifests"/>.</summary>
    /// <exception cref="PosixException">A call failed; the previous content is still there.</exception>
    public static void Write(Descriptor manifests, SnapshotId id, VerificationReport report, Durability durability,
        string shown)
    {
        SmallFile.Replace(manifests, manifests, Name(id), report.Format(), durability, $"{shown}/{id}{Extension}");
        durability.SyncOrThrow(manifests, shown);
    }

    /// <summary>Reads it; null where there is none. One that can't be read, or says something else, may have named
    /// damage: the replica counts as damaged until it is verified again.</summary>
    public static VerificationReport? Read(Descriptor manifests, SnapshotId id)
    {
        var errno = SmallFile.Read(manifests, Name(id), out var text);
        if (errno == Errno.NoEntry) return null;
        if (errno == Errno.None && VerificationReport.TryParse(text, out var report)) return report;
        var name = $"manifests/{id}{Extension}";
        return new VerificationReport(new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, name),
            [new FaultyEntry(name, EntryFault.Unreadable)]);
    }

    private static byte[] Name(SnapshotId id) => Encoding.ASCII.GetBytes($"{id}{Extension}");
}
