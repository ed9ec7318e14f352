using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// The newest published snapshot here, or one whose run ended before that, as a source of unchanged files. A file with
/// the same path, length and modification time is assumed unchanged; its SHA-256, which was checked when that snapshot
/// was received, decides. It is taken as a hard link if content, metadata and names are the same, so that it takes no
/// space; else as a clone if the file system supports them, else as a copy. It is queried in the order of a manifest,
/// once. For one thread at a time.
/// </summary>
public sealed class EarlierSnapshot : IDisposable
{
    internal const int MostWrong = 100_000;

    /// <summary>An earlier snapshot, open.</summary>
    /// <param name="Tree">Its files.</param>
    /// <param name="Entries">What it should have, in the order of a manifest.</param>
    /// <param name="Lists">What the entries are read from.</param>
    internal sealed record OpenedTree(
        Descriptor Tree, IEnumerable<Entry> Entries, IReadOnlyList<IDisposable> Lists);

    private readonly StagedSnapshot _staged;
    private readonly OpenedTree _opened;
    private readonly DirectoryCursor _cursor;
    private readonly IEnumerator<Entry> _entries;
    private readonly HashSet<TreePath>? _wrong;
    private readonly MissingNames? _missing;
    private readonly bool _timesTell;
    private readonly bool _isConsumed;
    private readonly DateTimeOffset? _lastRead;
    private Entry? _next;

    /// <summary>A source of files for <paramref name="staged"/>; it closes <paramref name="opened"/>.</summary>
    /// <param name="wrong">Files that are not what those say; null: that was not looked at.</param>
    /// <param name="timesTell">Whether a file of another modification time is another file.</param>
    /// <param name="isConsumed">Whether skipped files are removed at once: the tree is not a published snapshot, and
    /// there might not be space for both.</param>
    /// <param name="lastRead">The oldest last read of its files; null: unknown.</param>
    /// <param name="missing">What it lacks because of names: another entry may be found under them. Null:
    /// nothing.</param>
    internal EarlierSnapshot(
        StagedSnapshot staged, OpenedTree opened, HashSet<TreePath>? wrong, bool timesTell, bool isConsumed,
        DateTimeOffset? lastRead, MissingNames? missing = null)
    {
        (_staged, _opened, _wrong, _timesTell, _isConsumed, _lastRead, _missing) =
            (staged, opened, wrong, timesTell, isConsumed, lastRead, missing);
        _cursor = new DirectoryCursor(opened.Tree, crossesMounts: false);
        _entries = opened.Entries.GetEnumerator();
        Advance();
    }

    /// <summary>
    /// The staging here of another snapshot of this origin, whose run is over: all of it is read first, and only files
    /// with the right SHA-256 are taken. Null if there is none. Files that were taken or skipped leave it, and the rest
    /// is removed when <paramref name="staged"/> is published.
    /// </summary>
    /// <param name="staged">The snapshot that is being received.</param>
    /// <param name="timesTell">Whether a file of another modification time is another file.</param>
    /// <param name="verified">Gets each number of bytes that were read and found to be there.</param>
    /// <param name="cancel">Ends that early.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static EarlierSnapshot? Interrupted(StagedSnapshot staged, bool timesTell, Action<long> verified,
        CancellationToken cancel) =>
        staged.Folder.Staged.Newest(staged.Id) is { } id
            ? new StagedResumption(staged.Folder, id, verified, cancel).AsSourceOf(staged, timesTell) : null;

    /// <summary>Opens the newest snapshot beside a staged one; null where there is none, or it can't be read:
    /// everything is lacked then.</summary>
    /// <param name="staged">The snapshot that is being received.</param>
    /// <param name="verified">Reads all content of that snapshot first, however long it takes, and takes only files
    /// with the right SHA-256, whatever their times; gets each number of bytes that were read. Null: times are
    /// trusted.</param>
    /// <param name="cancel">Ends that early.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static EarlierSnapshot? Before(StagedSnapshot staged, Action<long>? verified = null,
        CancellationToken cancel = default)
    {
        var folder = staged.Folder;
        Descriptor? tree = null;
        try
        {
            if (folder.Newest is not { } id) return null;
            if (folder.Snapshots.OpenDirectory(Encoding.ASCII.GetBytes(id.ToString()), out tree) == Errno.None)
            {
                var missing = ShortfallFile.Read(folder, id).Limits.HasFlag(ReplicaLimits.Names)
                    ? MissingFile.Read(folder.Manifests, folder.Path, id) : null;
                var wrong = verified is null
                    ? null : Wrong(folder, id, tree, missing, new StoredContent(verified, cancel));
                var manifest = Manifest(folder, id);
                var lastRead = wrong is null ? IntakeFile.OldestRead(folder, id) : DateTimeOffset.UtcNow;
                return new EarlierSnapshot(staged, new OpenedTree(tree, manifest.Entries(), [manifest]), wrong,
                    timesTell: wrong is null, isConsumed: false, lastRead, missing);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // A snapshot that can't be read spares nothing.
        }
        tree?.Dispose();
        return null;
    }

    private static ManifestReader Manifest(OriginFolder folder, SnapshotId id) =>
        new(folder.OpenManifest(id) ?? throw new InvalidDataException($"{folder.ManifestPath(id)} is missing."),
            folder.ManifestPath(id));

    private static HashSet<TreePath> Wrong(OriginFolder folder, SnapshotId id, Descriptor tree, MissingNames? missing,
        StoredContent content)
    {
        var wrong = new HashSet<TreePath>();
        using var cursor = new DirectoryCursor(tree, crossesMounts: false);
        using var manifest = Manifest(folder, id);
        foreach (var file in manifest.Entries().OfType<FileEntry>())
        {
            if (missing?.Has(file.Path) == true || IsRight(folder, cursor, file, content)) continue;
            wrong.Add(file.Path);
            if (wrong.Count > MostWrong)
                throw new InvalidDataException(
                    $"{folder.SnapshotPath(id)} has more than {MostWrong} files that are not what its manifest says.");
        }
        return wrong;
    }

    private static bool IsRight(OriginFolder folder, DirectoryCursor cursor, FileEntry file, StoredContent content)
    {
        if (cursor.OpenParentOf(file.Path, out var parent) != Errno.None
            || parent.OpenRegular(file.Path.Name, out var opened) != Errno.None) return false;
        using (opened)
        {
            if (opened.Status(out var status) != Errno.None) return false;
            try
            {
                var digest = content.Digest(opened, file);
                if (digest != file.Digest)
                    folder.FoundWrong(new WrongFile(file.Path, status.Inode,
                        digest is null ? EntryFault.OtherSize : EntryFault.OtherContent));
                return digest == file.Digest;
            }
            catch (PosixException e)
            {
                if (e.Errno == Errno.InputOutput)
                    folder.FoundWrong(new WrongFile(file.Path, status.Inode, EntryFault.Unreadable));
                return false;
            }
        }
    }

    /// <summary>
    /// Takes a file into staging as it was, where it seems to be unchanged. Gives the SHA-256 that it had and when it
    /// was last read; null: it has to be received. Each file's path must be greater than that of the one before.
    /// </summary>
    /// <exception cref="PosixException">The disk refused the write.</exception>
    public TakenFile? Take(FileEntry announced)
    {
        while (_next is { } before && before.Path.CompareTo(announced.Path) < 0) Advance();
        if (_next is not FileEntry { Digest: { } digest } file || file.Path != announced.Path) return null;
        if (file.Stamp.Size != announced.Stamp.Size || _wrong?.Contains(file.Path) == true
            || _missing?.Has(file.Path) == true) return null;
        if (_timesTell && file.Metadata.Modified != announced.Metadata.Modified) return null;
        if (_cursor.OpenParentOf(file.Path, out var from) != Errno.None) return null;
        if (file.Metadata == announced.Metadata && Link(from, file)) return new TakenFile(digest, _lastRead);
        return from.Status(file.Path.Name, out var status) == Errno.None && IsAsStored(status, file)
            && Copy(from, announced, status, digest) ? new TakenFile(digest, DateTimeOffset.UtcNow) : null;
    }

    /// <summary>Whether a file is still the stored one; any change here since then has changed its time.</summary>
    private bool IsAsStored(FileStatus status, FileEntry file) =>
        status.Kind == FileKind.Regular && status.Size == file.Stamp.Size
            && (!_timesTell || status.Modified == file.Metadata.Modified);

    private bool Link(Descriptor from, FileEntry file)
    {
        var errno = _staged.Writer.TakeName(from, file.Path,
            (here, status) =>
                IsAsStored(status, file) && _staged.Writer.Metadata.IsApplied(here, file.Path, status, file.Metadata));
        if (errno is Errno.Stale or Errno.NoEntry or Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall
            or Errno.TooManyLinks or Errno.CrossDevice) return false;
        if (errno == Errno.Exists || errno.MayBeOfTheName()) return false;
        errno.OrThrow("linkat", file.Path);
        _staged.Writer.Metadata.NoteShortfall(file.Metadata);
        return true;
    }

    private bool Copy(Descriptor from, FileEntry announced, FileStatus status, Sha256Digest digest)
    {
        if (from.Open(announced.Path.Name, OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NonBlocking,
            out var source) != Errno.None) return false;
        using (source)
        {
            if (source.Status(out var opened) != Errno.None || !opened.IsSameFile(status)) return false;
            using var copy = _staged.Writer.TryCreate(announced);
            if (copy is null) return false;
            var errno = copy.TakeContent(source, status.Size, out var taken);
            if (errno == Errno.InputOutput)
                _staged.Folder.FoundWrong(new WrongFile(announced.Path, opened.Inode, EntryFault.Unreadable));
            else if (taken is not null && taken != digest)
                _staged.Folder.FoundWrong(new WrongFile(announced.Path, opened.Inode, EntryFault.OtherContent));
            if (taken != digest) return false;
            copy.Finish();
            return true;
        }
    }

    private void Advance()
    {
        try
        {
            if (_isConsumed && _next is FileEntry passed
                && _cursor.OpenParentOf(passed.Path, out var parent) == Errno.None) parent.Unlink(passed.Path.Name);
            _next = _entries.MoveNext() ? _entries.Current : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _next = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _cursor.Dispose();
        _opened.Tree.Dispose();
        foreach (var list in _opened.Lists) list.Dispose();
    }
}
