namespace BackupDistribuido.Core.Trees;

/// <summary>Permission bits, owner, modification time and extended attributes: what every kind of entry has.</summary>
/// <param name="Mode">The lower twelve bits of <c>st_mode</c> (octal 0 to 7777).</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Modified">Modification time.</param>
/// <param name="Attributes">Extended attributes, access control lists among them.</param>
public sealed record Metadata(int Mode, uint Uid, uint Gid, FileTime Modified, ExtendedAttributes Attributes = default)
{
    /// <summary>Largest mode: set-uid, set-gid, sticky and rwx for all.</summary>
    public const int MaxMode = 0xFFF;
}

/// <summary>
/// What tells two states of a file apart without reading it: its length in bytes, change time and inode number (the
/// modification time is in <see cref="Metadata"/>). Change time and inode mean something at the origin only.
/// </summary>
public readonly record struct FileStamp(long Size, FileTime Changed, ulong Inode);

/// <summary>One line of a manifest: something that the tree has at a path.</summary>
public abstract record Entry(TreePath Path);

/// <summary>A directory.</summary>
public sealed record DirectoryEntry(TreePath Path, Metadata Metadata) : Entry(Path);

/// <summary>A regular file. <see cref="Digest"/> is null while its content has not been read.</summary>
public sealed record FileEntry(TreePath Path, Metadata Metadata, FileStamp Stamp, Sha256Digest? Digest) : Entry(Path);

/// <summary>A symbolic link; <see cref="Target"/> is its content, 1 to 4,095 bytes without NUL.</summary>
public sealed record SymbolicLinkEntry(TreePath Path, Metadata Metadata, ReadOnlyMemory<byte> Target) : Entry(Path)
{
    /// <summary>Longest target (Linux's PATH_MAX less its NUL).</summary>
    public const int MaxTargetBytes = 4095;

    /// <inheritdoc/>
    public bool Equals(SymbolicLinkEntry? other) =>
        other is not null && Path == other.Path && Metadata == other.Metadata
            && Target.Span.SequenceEqual(other.Target.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Metadata, Target.Length);
}

/// <summary>A special file: one without content.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Major">A device's major number; 0 for others.</param>
/// <param name="Minor">A device's minor number; 0 for others.</param>
public sealed record SpecialEntry(TreePath Path, Metadata Metadata, SpecialKind Kind, uint Major = 0, uint Minor = 0)
    : Entry(Path);

/// <summary>The kinds of special files.</summary>
public enum SpecialKind
{
    /// <summary>A named pipe.</summary>
    Fifo,
    /// <summary>A socket.</summary>
    Socket,
    /// <summary>A character device.</summary>
    CharacterDevice,
    /// <summary>A block device.</summary>
    BlockDevice,
}

/// <summary>Another name of an earlier entry: a hard link. <paramref name="First"/> is that entry's number; it is
/// neither a directory nor a hard link.</summary>
public sealed record HardLinkEntry(TreePath Path, long First) : Entry(Path);

/// <summary>Something that the tree has and the snapshot has not. It is named, counted, and ends in exit code
/// 4.</summary>
public sealed record OmittedEntry(TreePath Path, Omission Why) : Entry(Path);

/// <summary>Why an entry is not in a snapshot.</summary>
public enum Omission
{
    /// <summary>The system refused to open or read it.</summary>
    Unreadable,
    /// <summary>It was there when its directory was listed and gone when it was read.</summary>
    Vanished,
    /// <summary>It changed each time that it was read, or it is another name of one that did.</summary>
    Changed,
    /// <summary>Its path is longer than <see cref="TreePath.MaxBytes"/>.</summary>
    PathTooLong,
}
