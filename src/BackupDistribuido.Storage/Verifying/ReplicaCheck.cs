using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Verifying;

/// <summary>
/// Reads a published replica again and holds it against its manifest: which entries there are, of what kind and length, where links lead, and each file's SHA-256, read from the disk and not from
/// memory where the system lets it. It changes nothing and follows no link; memory is bounded whatever the tree.
/// </summary>
public sealed class ReplicaCheck
{
    private readonly Descriptor _tree;
    private readonly Descriptor _manifests;
    private readonly SnapshotId _id;
    private readonly string _shown;
    private readonly StoredContent _content;
    private readonly CancellationToken _cancel;
    private readonly List<FaultyEntry> _first = [];
    private long _faults;
    private long _unread;

    private ReplicaCheck(Descriptor tree, Descriptor manifests, SnapshotId id, string shown, Action<long> read, CancellationToken cancel) =>
        (_tree, _manifests, _id, _shown, _content, _cancel) = (tree, manifests, id, shown, new StoredContent(read, cancel), cancel);

    /// <summary>
    /// Reads all of a replica, on a thread of its own that lets others go first. Null where the snapshot is not there, or went while it was read: then there is nothing to say of it.
    /// </summary>
    /// <param name="root">The destination's ROOT.</param>
    /// <param name="origin">Whose snapshot.</param>
    /// <param name="id">Which one.</param>
    /// <param name="read">Told each number of bytes that were read; it may take its time, so that others come first.</param>
    /// <param name="now">Asked for the time at the end.</param>
    /// <param name="cancel">Ends it early, without a result.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="IOException">The folders can't be opened, or the machine is short of something: that says nothing of the replica.</exception>
    public static Task<VerificationReport?> RunAsync(DestinationRoot root, NodeName origin, SnapshotId id, Action<long> read, Func<DateTimeOffset> now, CancellationToken cancel) =>
        Task.Factory.StartNew(() =>
        {
            BackgroundThread.Begin();
            return Run(root, origin, id, read, now, cancel);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static VerificationReport? Run(DestinationRoot root, NodeName origin, SnapshotId id, Action<long> read, Func<DateTimeOffset> now, CancellationToken cancel)
    {
        var name = Encoding.ASCII.GetBytes($"{origin}/snapshots/{id}");
        var shown = $"{root.RealPath}/{origin}";
        if (!TryOpen(root.Directory, name, $"{shown}/snapshots/{id}", out var tree)) return null;
        using (tree)
        {
            if (!TryOpen(root.Directory, Encoding.ASCII.GetBytes($"{origin}/manifests"), $"{shown}/manifests", out var manifests)) return null;
            using (manifests)
            {
                tree.Status(out var begun).OrThrow("statx", shown);
                var check = new ReplicaCheck(tree, manifests, id, shown, read, cancel);
                check.Run();
                // A snapshot that is removed leaves its name before anything of it goes.
                if (!TryOpen(root.Directory, name, shown, out var again)) return null;
                using (again) return again.Status(out var ended) == Errno.None && ended.IsSameFile(begun) ? check.ReportOf(now()) : null;
            }
        }
    }

    /// <summary>Keeps a report beside the snapshot's manifest, durably, in place of the one before. Nothing where the snapshot went meanwhile.</summary>
    /// <exception cref="IOException">It can't be kept.</exception>
    public static void Keep(DestinationRoot root, NodeName origin, SnapshotId id, VerificationReport report)
    {
        var shown = $"{root.RealPath}/{origin}/manifests";
        if (!TryOpen(root.Directory, Encoding.ASCII.GetBytes($"{origin}/snapshots/{id}"), shown, out var tree)) return;
        tree.Dispose();
        if (!TryOpen(root.Directory, Encoding.ASCII.GetBytes($"{origin}/manifests"), shown, out var manifests)) return;
        using (manifests) VerificationFile.Write(manifests, id, report, root.Durability, shown);
    }

    private static bool TryOpen(Descriptor root, byte[] path, string shown, out Descriptor opened)
    {
        var errno = root.OpenBeneath(path, OpenFlags.Directory, out opened);
        errno.Except(Errno.NoEntry).OrThrow("openat2", shown);
        return errno == Errno.None;
    }

    private void Run()
    {
        var manifest = $"manifests/{_id}.manifest";
        try
        {
            var lacks = ShortfallFile.Read(_manifests, _shown, _id).Limits;
            using var said = new SaidEntries(OpenManifest, $"{_shown}/{manifest}");
            using var walk = new ReplicaWalk(_tree, $"{_shown}/snapshots/{_id}", path => Fault(path.ToString(), EntryFault.Unreadable));
            using var cursor = new DirectoryCursor(_tree);
            foreach (var (entry, found) in ReplicaComparison.Pair(said.All(), walk.Entries(_cancel)))
            {
                if (found is null && IsHidden(walk.Closed, entry!.Path)) _unread++;
                else if (ReplicaComparison.WhyNot(entry, found, lacks) is { } fault) Fault((entry ?? found)!.Path.ToString(), fault);
                else if (entry is FileEntry file) Read(cursor, file, (FileEntry)found!);
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
        _manifests.OpenRegular(Encoding.ASCII.GetBytes($"{_id}.manifest"), out var file).OrThrow("openat", $"{_shown}/manifests/{_id}.manifest");
        return file;
    }

    private void Read(DirectoryCursor cursor, FileEntry said, FileEntry found)
    {
        const int ownerMayRead = 0x100;
        var errno = cursor.OpenParentOf(said.Path, out var parent);
        if (errno == Errno.None) errno = Read(parent, said);
        if (errno.IsShortage()) throw new PosixException("openat", said.Path.ToString(), errno);
        if (errno == Errno.AccessDenied && !Descriptor.IsPrivileged && (found.Metadata.Mode & ownerMayRead) == 0) _unread++;
        else if (errno != Errno.None) Fault(said.Path.ToString(), EntryFault.Unreadable);
    }

    private Errno Read(Descriptor parent, FileEntry said)
    {
        var errno = parent.OpenRegular(said.Path.Name, out var file);
        if (errno != Errno.None) return errno;
        using (file)
        {
            try
            {
                file.DropCache();
                var digest = _content.Digest(file, said);
                // What was read for this alone should not push out what others need.
                file.DropCache();
                if (digest != said.Digest) Fault(said.Path.ToString(), digest is null ? EntryFault.OtherSize : EntryFault.OtherContent);
                return Errno.None;
            }
            catch (PosixException e)
            {
                return e.Errno;
            }
        }
    }

    private static bool IsHidden(TreePath? closed, TreePath path) => closed is { } directory
        && path.Bytes.Length > directory.Bytes.Length && path.Bytes.StartsWith(directory.Bytes) && path.Bytes[directory.Bytes.Length] == (byte)'/';

    private void Fault(string path, EntryFault fault)
    {
        _faults++;
        if (_first.Count < VerificationReport.MostNamed) _first.Add(new FaultyEntry(Verification.Shown(path), fault));
    }

    private VerificationReport ReportOf(DateTimeOffset time) => _faults == 0
        ? new VerificationReport(new Verification.Sound(time, _unread), [])
        : new VerificationReport(new Verification.Damaged(time, _faults, _first[0].Path), _first);
}
