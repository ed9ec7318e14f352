using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Gives what was staged its final owner, mode and times, in this order: a change of owner clears set-uid, and anything touches no modification time
/// after it was set. Only root gives files away; for anybody else set-uid and set-gid are left off, because they would then mean another user.
/// </summary>
internal static class MetadataWriter
{
    private const int WithoutSetId = 0x3FF; // 01777

    /// <summary>The mode that an entry gets here.</summary>
    public static int ModeOf(Metadata metadata) => Descriptor.IsPrivileged ? metadata.Mode : metadata.Mode & WithoutSetId;

    /// <summary>Applies to an open file or directory that was made by this process with <paramref name="madeWithMode"/>.</summary>
    public static void Apply(Descriptor file, Metadata metadata, int madeWithMode, TreePath path)
    {
        if (Descriptor.IsPrivileged && (metadata.Uid | metadata.Gid) != 0) file.SetOwner(metadata.Uid, metadata.Gid).OrThrow("fchown", path);
        var mode = ModeOf(metadata);
        if (mode != madeWithMode) file.SetMode(mode).OrThrow("fchmod", path);
        file.SetModified(metadata.Modified).OrThrow("futimens", path);
    }

    /// <summary>
    /// Applies to a symbolic link itself, which was just made; links have no mode of their own. It is held before it is looked at: by its name somebody could put
    /// another file there meanwhile, one that has a second name outside.
    /// </summary>
    public static void ApplyToLink(Descriptor parent, SymbolicLinkEntry link)
    {
        parent.Open(link.Path.Name, OpenFlags.PathOnly | OpenFlags.NoFollow, out var held).OrThrow("openat", link.Path);
        using (held)
        {
            held.Status(out var status).OrThrow("statx", link.Path);
            if (status is not { Kind: FileKind.SymbolicLink, Links: 1 }) throw new PosixException("openat", link.Path.ToString(), Errno.Stale);
            var metadata = link.Metadata;
            if (Descriptor.IsPrivileged && (metadata.Uid | metadata.Gid) != 0)
                held.SetOwnerOfLink(metadata.Uid, metadata.Gid).OrThrow("fchownat", link.Path);
            held.SetModifiedOfLink(metadata.Modified).OrThrow("utimensat", link.Path);
        }
    }
}
