using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Checking;

/// <summary>
/// Reads a published replica again and holds it against its manifest: which entries there are, of what kind and length,
/// where links lead, and each file's SHA-256, read from the disk and not from memory where the system lets it. It
/// changes nothing and follows no link; memory is bounded whatever the tree.
/// </summary>
public sealed class ReplicaCheck
{
    private readonly Descriptor _tree;
    private readonly Descriptor _manifests;
    private readonly SnapshotId _id;
    private readonly string _shown;
    private readonly StoredContent? _content;
    private readonly CancellationToken _cancel;
    private readonly List<FaultyEntry> _first = [];
    private readonly List<WrongFile> _wrong = [];
    private readonly HashSet<ulong> _wrongInodes = [];
    private SharedFiles? _shared;
    private DateTimeOffset? _sharedSince;
    private ulong _device;
    private bool _areAll = true;
    private long _faults;
    private long _unread;

    private ReplicaCheck(Descriptor tree, Descriptor manifests, SnapshotId id, string shown, Action<long>? read,
        CancellationToken cancel) =>
        (_tree, _manifests, _id, _shown, _content, _cancel) =
            (tree, manifests, id, shown, read is null ? null : new StoredContent(read, cancel), cancel);

    /// <summary>
    /// Reads all of a replica, on a separate thread with low priority. Null if the snapshot is not there, or was
    /// removed while it was read: then there is no result.
    /// </summary>
    /// <param name="root">The destination's ROOT.</param>
    /// <param name="origin">Whose snapshot.</param>
    /// <param name="id">Which one.</param>
    /// <param name="read">Gets each number of bytes that were read; it may block, so that others come first. Null: no
    /// content is read, only names, kinds and lengths are checked.</param>
    /// <param name="now">Gives the time at the end.</param>
    /// <param name="cancel">Ends it early, without a result.</param>
    /// <param name="newer">A newer snapshot that was read already: content that is shared with it is not read again,
    /// and counts as read then; null: everything is read.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="IOException">The folders can't be opened, or the machine is short of something: that says
    /// nothing of the replica.</exception>
    public static Task<ReplicaFinding?> RunAsync(
        DestinationRoot root, NodeName origin, SnapshotId id, Action<long>? read, Func<DateTimeOffset> now,
            CancellationToken cancel, AlreadyRead? newer = null) =>
        Task.Factory.StartNew(() =>
        {
            BackgroundThread.Begin();
            return Run(root, origin, id, read, now, cancel, newer);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static ReplicaFinding? Run(DestinationRoot root, NodeName origin, SnapshotId id,
        Action<long>? read, Func<DateTimeOffset> now, CancellationToken cancel, AlreadyRead? newer)
    {
        var shown = root.PathOf(origin);
        if (!IsThere(root.OpenSnapshot(origin, id, out var tree), root.SnapshotPath(origin, id))) return null;
        using (tree)
        {
            if (!IsThere(root.OpenManifests(origin, out var manifests), $"{shown}/manifests")) return null;
            using (manifests)
            {
                tree.Status(out var begun).OrThrow("statx", shown);
                using var shared = newer is null ? null : SharedFiles.Open(root, origin, newer);
                var check = new ReplicaCheck(tree, manifests, id, shown, read, cancel)
                {
                    _shared = shared,
                    _device = begun.Device
                };
                check.Run();
                if (check._sharedSince is not null) check._sharedSince = newer!.Time;
                // A snapshot that is removed leaves its name before anything of it goes.
                if (!IsThere(root.OpenSnapshot(origin, id, out var again), shown)) return null;
                using (again)
                    return again.Status(out var ended) == Errno.None && ended.IsSameFile(begun)
                        ? check.FindingOf(now()) : null;
            }
        }
    }

    /// <summary>Keeps a report beside the snapshot's manifest, durably, in place of the one before. Nothing where the
    /// snapshot went meanwhile.</summary>
    /// <exception cref="IOException">It can't be kept.</exception>
    public static void Keep(DestinationRoot root, NodeName origin, SnapshotId id, VerificationReport report) =>
        Keep(root, origin, id, report, _ => true);

    /// <summary>The same for a report of a reading that began when <paramref name="before"/> was stored. A sound report
    /// does not cancel damage that was found meanwhile.</summary>
    /// <returns>Whether no such damage is kept.</returns>
    /// <exception cref="IOException">It can't be kept.</exception>
    public static bool TryKeep(DestinationRoot root, NodeName origin, SnapshotId id, VerificationReport report,
        Verification? before) =>
        Keep(root, origin, id, report,
            known => report.Verdict is Verification.Damaged || known is not Verification.Damaged || known == before);

    private static bool Keep(DestinationRoot root, NodeName origin, SnapshotId id, VerificationReport report,
        Func<Verification?, bool> mayReplace)
    {
        var shown = $"{root.RealPath}/{origin}/manifests";
        if (!IsThere(root.OpenSnapshot(origin, id, out var tree), shown)) return true;
        tree.Dispose();
        if (!IsThere(root.OpenManifests(origin, out var manifests), shown)) return true;
        using (manifests)
        {
            lock (root.Verifications)
            {
                if (!mayReplace(VerificationFile.Read(manifests, id)?.Verdict)) return false;
                VerificationFile.Write(manifests, id, report, root.Durability, shown);
                return true;
            }
        }
    }

    private static bool IsThere(Errno errno, string shown)
    {
        errno.Except(Errno.NoEntry).OrThrow("openat2", shown);
        return errno == Errno.None;
    }

    private void Run()
    {
        var manifest = $"manifests/{_id}.manifest";
        try
        {
            var lacks = ShortfallFile.Read(_manifests, _shown, _id).Limits;
            var missing = lacks.HasFlag(ReplicaLimits.Names)
                ? MissingFile.Read(_manifests, _shown, _id) : new MissingNames();
            using var said = new ManifestEntries(OpenManifest, $"{_shown}/{manifest}");
            using var walk = new ReplicaWalk(_tree, $"{_shown}/snapshots/{_id}",
                path => Fault(path.ToString(), EntryFault.Unreadable));
            using var cursor = new DirectoryCursor(_tree);
            foreach (var (entry, found) in ReplicaComparison.Pair(said.All(), walk.Entries(_cancel)))
            {
                if (found is null && IsHidden(walk.Closed, entry!.Path)) _unread++;
                else if (found is null && missing.Has(entry!.Path)) continue;
                else if (ReplicaComparison.WhyNot(entry, found, lacks) is { } fault)
                {
                    if (entry is FileEntry && found is FileEntry other) Wrong(other.Path, other.Stamp.Inode, fault);
                    else Fault((entry ?? found)!.Path.ToString(), fault);
                }
                else if (_content is not null && entry is FileEntry file)
                    Read(cursor, file, (FileEntry)found!, said.First);
            }
        }
        catch (InvalidDataException)
        {
            Fault(manifest, EntryFault.OtherContent);
        }
        catch (PosixException e) when (e.Errno is Errno.InputOutput or Errno.NoEntry or Errno.Loop or Errno.Invalid)
        {
            Fault(manifest, e.Errno == Errno.NoEntry ? EntryFault.Missing : EntryFault.Unreadable);
        }
    }

    private Descriptor OpenManifest()
    {
        _manifests.OpenRegular(Encoding.ASCII.GetBytes($"{_id}.manifest"), out var file)
            .OrThrow("openat", $"{_shown}/manifests/{_id}.manifest");
        return file;
    }

    private void Read(DirectoryCursor cursor, FileEntry said, FileEntry found, TreePath? first)
    {
        const int ownerMayRead = 0x100;
        if (IsKnown(cursor, said, found.Stamp.Inode, first) is { } isRight)
        {
            if (!isRight) Wrong(said.Path, found.Stamp.Inode, EntryFault.OtherContent);
            return;
        }
        var errno = cursor.OpenParentOf(said.Path, out var parent);
        if (errno == Errno.None) errno = Read(parent, said);
        if (errno.IsShortage()) throw new PosixException("openat", said.Path.ToString(), errno);
        if (errno == Errno.AccessDenied && !Descriptor.IsPrivileged && (found.Metadata.Mode & ownerMayRead) == 0)
            _unread++;
        else if (errno != Errno.None) Wrong(said.Path, found.Stamp.Inode, EntryFault.Unreadable);
    }

    /// <summary>Whether a file that was read already, under another name or with a newer snapshot, was right; null: it
    /// was not read.</summary>
    private bool? IsKnown(DirectoryCursor cursor, FileEntry said, ulong inode, TreePath? first)
    {
        if (first is { } name)
        {
            if (!_areAll || cursor.OpenParentOf(name, out var parent) != Errno.None
                || parent.Status(name.Name, out var status) != Errno.None || status.Inode != inode
                || status.Device != _device) return null;
            return !_wrongInodes.Contains(inode);
        }
        var (wasRead, isRight) = _shared?.Look(said, inode, _device) ?? default;
        if (!wasRead) return null;
        _sharedSince ??= DateTimeOffset.MinValue;
        return isRight;
    }

    private Errno Read(Descriptor parent, FileEntry said)
    {
        var errno = parent.OpenRegular(said.Path.Name, out var file);
        if (errno != Errno.None) return errno;
        using (file)
        {
            try
            {
                file.Status(out var status).OrThrow("statx", said.Path);
                file.DropCache();
                var digest = _content!.Digest(file, said);
                // Content read only for this should not push out what others need.
                file.DropCache();
                if (digest != said.Digest)
                    Wrong(said.Path, status.Inode, digest is null ? EntryFault.OtherSize : EntryFault.OtherContent);
                return Errno.None;
            }
            catch (PosixException e)
            {
                return e.Errno;
            }
        }
    }

    private static bool IsHidden(TreePath? closed, TreePath path) => closed is { } directory
        && path.Bytes.Length > directory.Bytes.Length && path.Bytes.StartsWith(directory.Bytes)
        && path.Bytes[directory.Bytes.Length] == (byte)'/';

    private void Wrong(TreePath path, ulong inode, EntryFault fault)
    {
        Fault(path.ToString(), fault);
        if (!_wrongInodes.Contains(inode) && _wrongInodes.Count == ReplicaFinding.MostWrong) _areAll = false;
        else if (_wrong.Count < ReplicaFinding.MostWrong)
        {
            _wrongInodes.Add(inode);
            _wrong.Add(new WrongFile(path, inode, fault));
        }
    }

    private void Fault(string path, EntryFault fault)
    {
        _faults++;
        if (_first.Count < VerificationReport.MostNamed) _first.Add(new FaultyEntry(Verification.Shown(path), fault));
    }

    private ReplicaFinding FindingOf(DateTimeOffset now)
    {
        // Content not read now was read with the newer snapshot: all of that had been read by then, and not later.
        var time = _sharedSince < now ? _sharedSince.Value : now;
        var report = _faults == 0
            ? new VerificationReport(new Verification.Sound(time, _unread), [])
            : new VerificationReport(new Verification.Damaged(time, _faults, _first[0].Path), _first);
        return new ReplicaFinding(report, _wrong, _areAll && _unread == 0);
    }
}
