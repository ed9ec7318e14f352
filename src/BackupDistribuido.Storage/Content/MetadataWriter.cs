using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>
/// Gives staged entries their final owner, attributes, mode and times, in this order: a change of owner clears set-uid
/// and capabilities, an access control list contains a part of the mode, and a modification time must be set last. Only
/// root can give files away; for other users set-uid and set-gid are left off, because they would then mean another
/// user. What can't be held here is noted, and kept in the manifest.
/// </summary>
internal sealed class MetadataWriter(ReplicaHolding holding)
{
    private const int WithoutSetId = 0x3FF; // 01777

    private AttributeReader Attributes => field ??= new AttributeReader();

    /// <summary>The mode that an entry gets here.</summary>
    public static int ModeOf(Metadata metadata) =>
        Descriptor.IsPrivileged ? metadata.Mode : metadata.Mode & WithoutSetId;

    /// <summary>Applies to an open file or directory that was made by this process with
    /// <paramref name="madeWithMode"/>.</summary>
    public void Apply(Descriptor file, Metadata metadata, int madeWithMode, TreePath path)
    {
        if (WantsOwner(metadata) && !holding.IsBeyondRoot(ReplicaLimits.Owners))
            Hold(file.SetOwner(metadata.Uid, metadata.Gid), ReplicaLimits.Owners, "fchown", path);
        var mode = WriteAttributes(file, isPathOnly: false, metadata, path);
        if (mode != metadata.Mode) holding.Lacks(ReplicaLimits.Modes);
        holding.IsBeyondRoot(ReplicaLimits.Modes | ReplicaLimits.Times);
        if (mode != madeWithMode || !metadata.Attributes.IsEmpty)
            Hold(file.SetMode(mode), ReplicaLimits.Modes, "fchmod", path);
        file.SetModified(metadata.Modified).OrThrow("futimens", path);
        Compare(file, metadata, mode, path);
    }

    /// <summary>
    /// A successful call need not have had its effect: times are rounded to what an inode can store (seconds, or years
    /// up to 2038), and some file systems accept an owner or a mode and keep their own.
    /// </summary>
    private void Compare(Descriptor file, Metadata metadata, int? mode, TreePath path)
    {
        file.Status(out var status).OrThrow("statx", path);
        if (status.Modified != metadata.Modified) holding.Lacks(ReplicaLimits.Times);
        if (mode is { } wanted && status.Mode != wanted) holding.Lacks(ReplicaLimits.Modes);
        if (Descriptor.IsPrivileged && (status.Uid != metadata.Uid || status.Gid != metadata.Gid))
            holding.Lacks(ReplicaLimits.Owners);
    }

    /// <summary>
    /// Applies to an entry that was just created under a name: a symbolic link itself, which has no mode of its own, or
    /// a special file. It is opened before it is checked: through its name, another file could take its place
    /// meanwhile, one with a second name outside.
    /// </summary>
    public void ApplyToNew(Descriptor parent, Metadata metadata, TreePath path, FileKind kind)
    {
        parent.Open(path.Name, OpenFlags.PathOnly | OpenFlags.NoFollow, out var held).OrThrow("openat", path);
        using (held)
        {
            held.Status(out var status).OrThrow("statx", path);
            if (status.Kind != kind || status.Links != 1)
                throw new PosixException("openat", path.ToString(), Errno.Stale);
            if (WantsOwner(metadata) && !holding.IsBeyondRoot(ReplicaLimits.Owners))
                Hold(held.SetOwnerOfPath(metadata.Uid, metadata.Gid), ReplicaLimits.Owners, "fchownat", path);
            var mode = WriteAttributes(held, isPathOnly: true, metadata, path);
            if (kind != FileKind.SymbolicLink) Hold(held.SetModeOfPath(mode), ReplicaLimits.Modes, "chmod", path);
            holding.IsBeyondRoot(ReplicaLimits.Times);
            held.SetModifiedOfPath(metadata.Modified).OrThrow("utimensat", path);
            Compare(held, metadata, kind == FileKind.SymbolicLink ? null : mode, path);
        }
    }

    /// <summary>Whether a file has what <see cref="Apply"/> would give it, as far as it can be held here.</summary>
    public bool IsApplied(Descriptor parent, TreePath path, FileStatus status, Metadata metadata) =>
        status.Mode == ModeOf(metadata) && status.Modified == metadata.Modified
        && (!Descriptor.IsPrivileged || (status.Uid == metadata.Uid && status.Gid == metadata.Gid))
        && Attributes.TryRead(parent, path.Name, out var attributes)
        && (attributes.Equals(metadata.Attributes) || (metadata.Attributes.IsEmpty && IsOfTheSystem(attributes)));

    /// <summary>Whether the only attribute is the label that a system with SELinux gives to each file
    /// automatically.</summary>
    private static bool IsOfTheSystem(ExtendedAttributes attributes) =>
        attributes.Decode().All(one => one.Name.AsSpan().SequenceEqual("security.selinux"u8));

    /// <summary>Notes what this user can't give to any file: where <see cref="IsApplied"/> was true, all else is
    /// held.</summary>
    public void NoteShortfall(Metadata metadata)
    {
        WantsOwner(metadata);
        if (ModeOf(metadata) != metadata.Mode) holding.Lacks(ReplicaLimits.Modes);
    }

    private bool WantsOwner(Metadata metadata)
    {
        if (Descriptor.IsPrivileged) return metadata.Uid != Descriptor.User || metadata.Gid != Descriptor.Group;
        if (metadata.Uid != Descriptor.User || metadata.Gid != Descriptor.Group) holding.Lacks(ReplicaLimits.Owners);
        return false;
    }

    /// <summary>Writes the attributes that can be held, one by one. Returns the mode to set: if the access control list
    /// can't be held, the mode must not grant more than the list did.</summary>
    private int WriteAttributes(Descriptor file, bool isPathOnly, Metadata metadata, TreePath path)
    {
        var mode = ModeOf(metadata);
        if (metadata.Attributes.IsEmpty) return mode;
        // The access control list first: there may not be room for all attributes, and it controls access.
        foreach (var (name, value) in metadata.Attributes.Decode().OrderBy(one => IsAccessList(one.Name) ? 0 : 1))
        {
            var errno = isPathOnly ? file.WriteAttributeOfPath(name, value) : file.WriteAttribute(name, value);
            // More than this file system has room for in one file looks like a full disk; it is one only where nothing
            // is free.
            if (errno == Errno.NoSpace && file.FileSystem(out var disk) == Errno.None
                && disk.FreeBytes > ExtendedAttributes.MaxBytes) errno = Errno.TooBig;
            Hold(errno, ReplicaLimits.Attributes, "setxattr", path);
            if (errno == Errno.None || !IsAccessList(name)) continue;
            var narrowed = AccessList.ModeWithout(value, mode);
            if (narrowed != mode) holding.Lacks(ReplicaLimits.Modes);
            mode = narrowed;
        }
        return mode;
    }

    private static bool IsAccessList(ReadOnlySpan<byte> name) => name.SequenceEqual(AccessList.AttributeName);

    // If this user is root in a user namespace, an id that is not mapped there is invalid.
    private void Hold(Errno errno, ReplicaLimits limit, string call, TreePath path)
    {
        if (errno is Errno.Invalid or Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall or Errno.TooBig
            or Errno.Range or Errno.AccessDenied) holding.Lacks(limit);
        else errno.OrThrow(call, path);
    }
}
