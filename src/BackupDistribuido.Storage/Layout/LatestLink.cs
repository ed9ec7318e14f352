using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary><c>latest</c>: a link to <c>snapshots/ID</c>; a text file that says the same where symbolic links don't
/// exist.</summary>
internal static class LatestLink
{
    private static readonly byte[] Name = "latest"u8.ToArray();
    private static readonly byte[] Temporary = "latest.new"u8.ToArray();

    /// <summary>Its target; null if there is none or it names something else.</summary>
    public static SnapshotId? Read(OriginFolder folder)
    {
        Span<byte> buffer = stackalloc byte[64];
        string text;
        var errno = folder.Directory.ReadLink(Name, buffer, out var bytes);
        if (errno == Errno.None) text = Encoding.UTF8.GetString(buffer[..bytes]);
        else if (SmallFile.Read(folder.Directory, Name, out text) != Errno.None) return null;
        const string prefix = "snapshots/";
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && SnapshotId.TryParse(text[prefix.Length..], out var id) ? id : null;
    }

    /// <summary>A directory, or a file with another content: it is not ours, and the replica is not affected.</summary>
    private static bool IsForeign(OriginFolder folder) =>
        folder.Directory.Status(Name, out var status) == Errno.None && status.Kind != FileKind.SymbolicLink
            && (status.Kind != FileKind.Regular || Read(folder) is null);

    /// <summary>Makes it name <paramref name="id"/>, atomically and durably. A foreign file with its name stays, and is
    /// reported.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public static void Replace(OriginFolder folder, SnapshotId id)
    {
        var shown = $"{folder.Path}/latest";
        var target = $"snapshots/{id}";
        if (IsForeign(folder))
        {
            folder.Warn(RootReason.LatestIsForeign(shown, target));
            return;
        }
        folder.Staging.Unlink(Temporary).Except(Errno.NoEntry).OrThrow("unlinkat", shown);
        var errno = folder.Staging.MakeLink(Encoding.ASCII.GetBytes(target), Temporary);
        if (errno is Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall)
        {
            SmallFile.Replace(folder.Staging, folder.Directory, Name, target, folder.Durability, shown);
        }
        else
        {
            errno.OrThrow("symlinkat", shown);
            folder.Staging.Rename(Temporary, folder.Directory, Name).OrThrow("renameat2", shown);
        }
        folder.Durability.SyncOrThrow(folder.Directory, folder.Path);
    }
}
