using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// The directory tree of an origin, open for reading. Nothing outside it is ever read: links in it are copied, never
/// followed, and a directory that is meanwhile replaced by a link is noticed. Thread-safe.
/// </summary>
public sealed class SourceTree : IDisposable
{
    private readonly Descriptor _root;
    private readonly DirectoryCursor _cursor;
    private readonly AttributeReader _attributes = new();
    private readonly ScanRules _rules;
    private readonly Lock _lock = new();

    private readonly bool _isReplica;

    private SourceTree(Descriptor root, string realPath, FileStatus status, ScanRules rules, bool isReplica = false)
    {
        (_root, RealPath, DeviceId, _rules, _isReplica) = (root, realPath, status.Device, rules, isReplica);
        _cursor = new DirectoryCursor(root);
    }

    /// <summary>The tree's absolute path without links; together with the machine it is the origin's
    /// identity.</summary>
    public string RealPath { get; }

    /// <summary>The device that the root of the tree is on, comparable with a destination's.</summary>
    public ulong DeviceId { get; }

    /// <summary>Opens the tree at <paramref name="path"/>, which may be a link to a directory. What belongs to it is up
    /// to <paramref name="rules"/>; null: everything.</summary>
    /// <exception cref="SourceRefusedException">There is no readable directory.</exception>
    public static SourceTree Open(string path, ScanRules? rules = null)
    {
        if (path.Length == 0) throw new SourceRefusedException(SourceReason.NoPath);
        var errno = Descriptor.OpenDirectory(path, out var root);
        if (errno == Errno.None) errno = Descriptor.RealPath(path, out path);
        var status = default(FileStatus);
        if (errno == Errno.None) errno = root.Status(out status);
        if (errno == Errno.None) return new SourceTree(root, path, status, rules ?? ScanRules.Everything);
        root.Dispose();
        throw new SourceRefusedException(errno switch
        {
            Errno.NoEntry => SourceReason.PathMissing(path),
            Errno.NotDirectory => SourceReason.PathNotAFolder(path),
            Errno.AccessDenied => SourceReason.NotReadable(path),
            _ => SourceReason.NotOpened(new PosixException("openat", path, errno).Reason),
        });
    }

    /// <summary>
    /// The tree of a published snapshot: its files are those of the manifest's entries, whose stamps are the origin's,
    /// where they have the same length. Whether they have the same content their digest says.
    /// </summary>
    internal static SourceTree OfReplica(Descriptor tree, string path)
    {
        tree.Status(out var status).OrThrow("statx", path);
        return new SourceTree(tree, path, status, ScanRules.Everything, isReplica: true);
    }

    /// <summary>
    /// All entries in the order of a manifest, the root first. An entry that can't be copied is an
    /// <see cref="OmittedEntry"/>; an unreadable directory is one, alone. A file's digest is null unless it is empty.
    /// Memory is bounded by the names of the directories from the root to the current one, and by the files with
    /// further names to come; each call walks the tree again.
    /// </summary>
    /// <param name="attributesLost">Gets each entry whose extended attributes can't be read, or are too many; it is
    /// scanned without those. Null: attributes are not read.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="PosixException">The root itself can no longer be read.</exception>
    /// <exception cref="SourceRefusedException">This process ran out of files or memory, and not at one entry
    /// only.</exception>
    public IEnumerable<Entry> Scan(Action<LostAttributes>? attributesLost, CancellationToken cancellation = default) =>
        ScanClosely(attributesLost is null ? null : new ScanObserver(attributesLost, _ => { }), cancellation)
            .Select(scanned => scanned.Entry);

    /// <summary>The same with what else is known of each entry. Two names that the file system calls one file are read
    /// where it is not known to be right about that.</summary>
    public IEnumerable<ScannedEntry> ScanClosely(ScanObserver? notes, CancellationToken cancellation = default)
    {
        using var scanner = new TreeScanner(_rules, notes, HaveOneContent);
        foreach (var scanned in scanner.Run(_root, RealPath, cancellation)) yield return scanned;
    }

    /// <summary>How much there is to copy, by a separate scan; <paramref name="seen"/> gets each entry.</summary>
    /// <exception cref="PosixException">As <see cref="Scan(Action{LostAttributes}, CancellationToken)"/>.</exception>
    public SourceSize Count(CancellationToken cancellation = default, Action<ScannedEntry>? seen = null)
    {
        using var scanner = new TreeScanner(_rules, null);
        var contents = default(TreeContents);
        foreach (var scanned in scanner.Run(_root, RealPath, cancellation))
        {
            contents = contents.With(scanned.Entry);
            seen?.Invoke(scanned);
        }
        return new SourceSize(contents, scanner.Room, scanner.Largest);
    }

    /// <summary>
    /// Opens a file that a scan has found. False with the reason if it no longer exists, can't be read, or is something
    /// else now (<see cref="Omission.Changed"/>, also if it is now reached only through a link).
    /// </summary>
    public bool TryOpenFile(FileEntry entry, [NotNullWhen(true)] out SourceFile? file, out Omission why)
    {
        var isOpen = TryOpen(entry, out file, out var failure);
        why = failure.Why;
        return isOpen;
    }

    /// <summary>The same; the reason says whether it may be opened a moment later. If this user may ask for that, the
    /// file's access time does not change.</summary>
    public bool TryOpen(FileEntry entry, [NotNullWhen(true)] out SourceFile? file, out OpenFailure failure)
    {
        // Non-blocking, because a FIFO may have taken the file's name, and opening that would wait for a writer.
        const OpenFlags flags = OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        Descriptor opened;
        FileStatus status;
        lock (_lock)
        {
            var errno = _cursor.OpenParentOf(entry.Path, out var directory);
            if (errno != Errno.None) return Missing(errno, out file, out failure);
            errno = directory.OpenUntouched(entry.Path.Name, flags, out opened);
            if (errno != Errno.None) return Missing(errno, out file, out failure);
        }
        var asked = opened.Status(out status);
        if (asked != Errno.None || status.Kind != FileKind.Regular)
        {
            opened.Dispose();
            return Missing(asked == Errno.None ? Errno.Loop : asked, out file, out failure);
        }
        (file, failure) = (new SourceFile(opened, status, Now(opened, entry, status), entry), default);
        return true;
    }

    /// <summary>The inode that a path in it has now, whatever it is; null where it has none, or can't be
    /// asked.</summary>
    public ulong? InodeOf(TreePath path)
    {
        lock (_lock)
            return _cursor.OpenParentOf(path, out var directory) == Errno.None
                && directory.Status(path.Name, out var status) == Errno.None ? status.Inode : null;
    }

    /// <summary>Whether two names that were found to be one file by their numbers and times have the same content
    /// too.</summary>
    private bool HaveOneContent(TreePath first, TreePath second, FileStatus status)
    {
        if (status.Kind != FileKind.Regular) return false;
        if (!TryOpen(new FileEntry(first, status.Metadata, status.Stamp, null), out var one, out _)) return false;
        using (one)
        {
            if (!TryOpen(new FileEntry(second, status.Metadata, status.Stamp, null), out var other, out _))
                return false;
            using (other) return ContentComparison.Is(one, other);
        }
    }

    /// <summary>The entry as it is now; the announced one itself where nothing has changed.</summary>
    private FileEntry Now(Descriptor opened, FileEntry announced, FileStatus status)
    {
        if (_isReplica && announced.Stamp.Size == status.Size) return announced;
        // Setting an attribute changes the change time.
        var isSame = announced.Stamp == status.Stamp;
        var metadata = isSame && AccessList.IsNarrowed(announced.Metadata.Mode, status.Mode)
            ? status.Metadata with { Attributes = announced.Metadata.Attributes, Mode = announced.Metadata.Mode }
            : WithAttributes(opened, status);
        return isSame && announced.Metadata == metadata
            ? announced
            : new FileEntry(announced.Path, metadata, status.Stamp, status.Size == 0 ? Sha256Digest.OfNothing : null);
    }

    private Metadata WithAttributes(Descriptor file, FileStatus status)
    {
        lock (_lock)
        {
            var isAll = _attributes.TryRead(file, [], out var attributes);
            return status.Metadata with
            {
                Attributes = attributes,
                Mode = isAll ? status.Mode : _attributes.ModeOf(status.Mode)
            };
        }
    }

    private static bool Missing(Errno errno, out SourceFile? file, out OpenFailure failure)
    {
        (file, failure) = (null, new OpenFailure(TreeScanner.Explain(errno), errno));
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _cursor.Dispose();
        _root.Dispose();
    }
}
