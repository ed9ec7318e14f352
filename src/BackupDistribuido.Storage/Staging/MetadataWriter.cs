using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Gives what was staged its final owner, attributes, mode and times, in this order: a change of owner clears set-uid and capabilities, an access control list has a part of the
/// mode in it, and nothing may touch a modification time after it was set. Only root gives files away; for anybody else set-uid and set-gid are left off, because they
/// would then mean another user. What can't be held here is noted, and kept in the manifest.
/// </summary>
internal sealed class MetadataWriter(ReplicaHolding holding)
{
    private const int WithoutSetId = 0x3FF; // 01777

    /// <summary>The mode that an entry gets here.</summary>
    public static int ModeOf(Metadata metadata) => Descriptor.IsPrivileged ? metadata.Mode : metadata.Mode & WithoutSetId;

    /// <summary>Applies to an open file or directory that was made by this process with <paramref name="madeWithMode"/>.</summary>
    public void Apply(Descriptor file, Metadata metadata, int madeWithMode, TreePath path)
    {
        if (WantsOwner(metadata)) Hold(file.SetOwner(metadata.Uid, metadata.Gid), ReplicaLimits.Owners, "fchown", path);
        WriteAttributes(file, [], metadata, path);
        var mode = ModeOf(metadata);
        if (mode != metadata.Mode) holding.Lacks(ReplicaLimits.Modes);
        if (mode != madeWithMode || !metadata.Attributes.IsEmpty) Hold(file.SetMode(mode), ReplicaLimits.Modes, "fchmod", path);
        file.SetModified(metadata.Modified).OrThrow("futimens", path);
    }

    /// <summary>Applies to a symbolic link itself, which has no mode of its own, or to a special file.</summary>
    public void Apply(Descriptor parent, Metadata metadata, TreePath path, bool hasMode)
    {
        var name = path.Name;
        if (WantsOwner(metadata)) Hold(parent.SetOwner(name, metadata.Uid, metadata.Gid), ReplicaLimits.Owners, "fchownat", path);
        WriteAttributes(parent, name, metadata, path);
        if (hasMode) Hold(parent.SetMode(name, ModeOf(metadata)), ReplicaLimits.Modes, "fchmodat", path);
        parent.SetModified(name, metadata.Modified).OrThrow("utimensat", path);
    }

    private bool WantsOwner(Metadata metadata)
    {
        if (Descriptor.IsPrivileged) return (metadata.Uid | metadata.Gid) != 0;
        if (metadata.Uid != Descriptor.User || metadata.Gid != Descriptor.Group) holding.Lacks(ReplicaLimits.Owners);
        return false;
    }

    private void WriteAttributes(Descriptor file, ReadOnlySpan<byte> entry, Metadata metadata, TreePath path)
    {
        if (metadata.Attributes.IsEmpty) return;
        foreach (var (name, value) in metadata.Attributes.Decode())
        {
            var errno = file.WriteAttribute(entry, name, value);
            // More than this file system has room for in one file looks like a full disk; it is one only where nothing is free.
            if (errno == Errno.NoSpace && file.FileSystem(out var disk) == Errno.None && disk.FreeBytes > ExtendedAttributes.MaxBytes) errno = Errno.TooBig;
            Hold(errno, ReplicaLimits.Attributes, "setxattr", path);
        }
    }

    private void Hold(Errno errno, ReplicaLimits limit, string call, TreePath path)
    {
        if (errno is Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall or Errno.TooBig or Errno.Range or Errno.AccessDenied) holding.Lacks(limit);
        else errno.OrThrow(call, path);
    }
}
