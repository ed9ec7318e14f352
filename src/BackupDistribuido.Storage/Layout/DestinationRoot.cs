using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>
/// The folder that a destination keeps its copies in. Its <c>.bdist</c> marks it as ours: <c>id</c> is the
/// destination's identity, <c>lock</c> is held while this is open and falls with its process, however that ends.
/// </summary>
public sealed class DestinationRoot : IDisposable
{
    private readonly Descriptor _root;
    private readonly Descriptor _mark;
    private readonly Descriptor _lock;

    private DestinationRoot(Descriptor root, Descriptor mark, Descriptor held, string path, Durability durability)
    {
        (_root, _mark, _lock, RealPath, Durability) = (root, mark, held, path, durability);
        _root.Status(out var status).OrThrow("statx", path);
        DeviceId = status.Device;
        Identity = ReadOrMakeIdentity();
        Abilities = HoldingProbe.Try(mark, $"{path}/.bdist");
    }

    /// <summary>The absolute path without links.</summary>
    public string RealPath { get; }

    /// <summary>The destination's identity: random, made with the ROOT, kept in it.</summary>
    public string Identity { get; }

    /// <summary>The device that the ROOT is on, comparable with those of other ROOTs and of a SOURCE on this
    /// machine.</summary>
    public ulong DeviceId { get; }

    /// <summary>Bytes that this user may still write; null where the file system does not say.</summary>
    public long? FreeBytes => _root.FileSystem(out var status) == Errno.None ? status.FreeBytes : null;

    /// <summary>Inodes (files, directories, links) that may still be made; null where the file system does not count
    /// them.</summary>
    public long? FreeInodes => _root.FileSystem(out var status) == Errno.None ? status.FreeInodes : null;

    /// <summary>Bytes that the file system has in all; null where it does not say.</summary>
    public long? TotalBytes => _root.FileSystem(out var status) == Errno.None ? status.TotalBytes : null;

    /// <summary>What its file system can hold, tried when this was opened.</summary>
    public RootAbilities Abilities { get; }

    internal Durability Durability { get; }

    /// <summary>Which of two snapshots is the newer one now.</summary>
    internal SnapshotOrder Order => new(DateTimeOffset.UtcNow);

    /// <summary>Held by whoever writes what was found of a snapshot.</summary>
    internal Lock Verifications { get; } = new();

    /// <summary>What was told last, of each origin, of manifests whose snapshots are not there.</summary>
    internal ConcurrentDictionary<NodeName, string> Told { get; } = new();

    internal Descriptor Directory => _root;

    internal Descriptor Mark => _mark;

    internal FileSystemStatus FileSystem
    {
        get
        {
            _root.FileSystem(out var status).OrThrow("fstatfs", RealPath);
            return status;
        }
    }

    /// <summary>Opens a ROOT and locks it. It is made where its parent exists.</summary>
    /// <exception cref="RootRefusedException">It can't be used; nothing was created.</exception>
    public static DestinationRoot Open(string path, RootOptions options) => Open(path, options, new Durability());

    internal static DestinationRoot Open(string path, RootOptions options, Durability durability)
    {
        using var opening = new RootOpening(path, options, durability);
        try
        {
            var (root, mark, held) = opening.Run();
            return new DestinationRoot(root, mark, held, opening.RealPath, durability);
        }
        catch (Exception problem)
        {
            opening.Undo();
            if (problem is not PosixException posix) throw;
            throw posix.Errno switch
            {
                Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnly =>
                    new RootRefusedException(RootRefusal.NotWritable, $"ROOT can't be written: {posix.Message}; give a folder of this user."),
                _ => new RootRefusedException(RootRefusal.Unusable, $"ROOT can't be used: {posix.Message}."),
            };
        }
    }

    /// <summary>
    /// The folder for an origin's snapshots; made when it isn't there, and repaired where a run was interrupted after
    /// its commit point.
    /// </summary>
    /// <param name="origin">The origin's name, and the folder's.</param>
    /// <param name="originIdentity">The origin's machine and real path, one line of text.</param>
    /// <param name="adopt">Take the folder over from another origin, or though its content is not ours.</param>
    /// <param name="warn">Told, for people, what could not be done and stops nothing; null: nobody is.</param>
    /// <param name="foundWrong">Told of each file of a published snapshot that is read for a new one and is not what it
    /// should be; from whatever thread reads; null: nobody is.</param>
    /// <exception cref="RootRefusedException">The folder belongs to another origin, or to nobody we know; nothing was
    /// created.</exception>
    /// <exception cref="PosixException">A call failed.</exception>
    public OriginFolder For(NodeName origin, string originIdentity, bool adopt = false, Action<string>? warn = null,
        Action<WrongFile>? foundWrong = null) =>
        OriginFolder.Open(this, origin, originIdentity, adopt, warn, foundWrong);

    /// <summary>The room of each origin whose folder is on another file system than ROOT, of at most so many. It waits
    /// for each of these, as long as that takes.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public IReadOnlyList<OriginRoom> RoomsElsewhere(int most) =>
        [.. Folders.Names(_root, RealPath)
            .Select(name => NodeName.TryParse(name, out var origin, out _) ? RoomElsewhere(origin) : null)
            .OfType<OriginRoom>().Take(most)];

    private OriginRoom? RoomElsewhere(NodeName origin)
    {
        var errno = _root.OpenBeneath(Encoding.ASCII.GetBytes(origin.ToString()), OpenFlags.Directory, out var folder);
        using (folder)
        {
            if (errno != Errno.None || folder.Status(out var here) != Errno.None || here.Device == DeviceId)
                return null;
            return folder.FileSystem(out var there) == Errno.None
                ? new OriginRoom(origin, there.FreeBytes, there.FreeInodes) : new OriginRoom(origin, null, null);
        }
    }

    /// <summary>The newest published snapshot of each origin that has a folder here. What can't be read holds none; no
    /// link is followed.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public IReadOnlyDictionary<NodeName, StoredSnapshot> NewestSnapshots()
    {
        var newest = new Dictionary<NodeName, StoredSnapshot>();
        foreach (var name in Folders.Names(_root, RealPath))
        {
            if (NodeName.TryParse(name, out var origin, out _) && Order.Newest(SnapshotsOf(name)) is { } id)
                newest.Add(origin, Stored(origin, id));
        }
        return newest;
    }

    /// <summary>The published snapshots whose id lies so far in the future that a clock was wrong when they were made,
    /// or is now; the oldest first.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public IReadOnlyList<(NodeName Origin, SnapshotId Id)> FutureSnapshots()
    {
        var (order, future) = (Order, new List<(NodeName, SnapshotId)>());
        foreach (var name in Folders.Names(_root, RealPath))
        {
            if (NodeName.TryParse(name, out var origin, out _))
                future.AddRange(SnapshotsOf(name).Where(id => !order.IsCredible(id)).Select(id => (origin, id)));
        }
        return future;
    }

    /// <summary>All published snapshots of each origin that has a folder here, the oldest of each first, with what
    /// reading them again has found. What can't be read holds none; no link is followed.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public IReadOnlyList<(NodeName Origin, StoredSnapshot Snapshot)> AllSnapshots()
    {
        var all = new List<(NodeName, StoredSnapshot)>();
        foreach (var name in Folders.Names(_root, RealPath))
        {
            if (NodeName.TryParse(name, out var origin, out _))
                all.AddRange(SnapshotsOf(name)
                    .Select(id =>
                        (origin, new StoredSnapshot(id, null, KeptVerification.Of(_root, origin, id)?.Verdict))));
        }
        return all;
    }

    /// <summary>The seal of a published snapshot's manifest; null where there is none.</summary>
    public ManifestSeal? SealOf(NodeName origin, SnapshotId id) => ReadSeal(origin.ToString(), id, out _);

    /// <summary>Whose folder an origin's is; null where it does not say so.</summary>
    public string? OwnerOf(NodeName origin)
    {
        var errno = _root.OpenDirectory(Encoding.ASCII.GetBytes(origin.ToString()), out var folder);
        using (folder)
            return errno == Errno.None && SmallFile.Read(folder, ".origin"u8, out var owner) == Errno.None
                && owner.Length > 0 ? owner : null;
    }

    /// <summary>How many copies an origin wanted when it was here last; null where that is not known.</summary>
    public int? RequiredBy(NodeName origin)
    {
        var errno = _root.OpenDirectory(Encoding.ASCII.GetBytes(origin.ToString()), out var folder);
        using (folder) return errno == Errno.None ? OriginFolder.RequiredIn(folder) : null;
    }

    /// <summary>No file of a snapshot was last read, or received, before that; null where nobody knows.</summary>
    public DateTimeOffset? OldestReadOf(NodeName origin, SnapshotId id)
    {
        var errno = _root.OpenBeneath(Encoding.ASCII.GetBytes($"{origin}/manifests"), OpenFlags.Directory,
            out var manifests);
        using (manifests) return errno == Errno.None ? IntakeFile.Read(manifests, id)?.OldestRead : null;
    }

    private StoredSnapshot Stored(NodeName origin, SnapshotId id)
    {
        var seal = ReadSeal(origin.ToString(), id, out var arrived);
        return new StoredSnapshot(id, seal, KeptVerification.Of(_root, origin, id)?.Verdict, arrived);
    }

    private IReadOnlyList<SnapshotId> SnapshotsOf(string origin)
    {
        const string snapshots = "snapshots";
        var errno =
            _root.OpenBeneath(Encoding.ASCII.GetBytes($"{origin}/{snapshots}"), OpenFlags.Directory, out var folder);
        using (folder)
        {
            return errno == Errno.None ? [.. SnapshotsIn(folder, $"{RealPath}/{origin}/{snapshots}")] : [];
        }
    }

    // Who starts a destination should not be stopped by one manifest that can't be read: it is not known then how large
    // that tree is.
    private ManifestSeal? ReadSeal(string origin, SnapshotId id, out DateTimeOffset? arrived)
    {
        arrived = null;
        var name = $"{origin}/manifests/{id}.manifest";
        // A named pipe in its place would be waited for.
        var errno = _root.OpenBeneath(Encoding.ASCII.GetBytes(name), OpenFlags.NonBlocking, out var file);
        using (file)
        {
            if (errno == Errno.None && file.Status(out var status) == Errno.None)
                arrived = DateTimeOffset.FromUnixTimeSeconds(status.Modified.Seconds);
            try
            {
                return errno == Errno.None ? ManifestReader.ReadSeal(file, $"{RealPath}/{name}") : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>The published snapshots of an origin's <c>snapshots</c>, oldest first: directories whose name is an
    /// id.</summary>
    internal static IEnumerable<SnapshotId> SnapshotsIn(Descriptor folder, string shown)
    {
        foreach (var name in Folders.Names(folder, shown))
        {
            // The texts of ids sort as the ids do.
            if (SnapshotId.TryParse(name, out var id)
                && folder.Status(Encoding.ASCII.GetBytes(name), out var status) == Errno.None
                && status.Kind == FileKind.Directory) yield return id;
        }
    }

    private string ReadOrMakeIdentity()
    {
        var errno = SmallFile.Read(_mark, "id"u8, out var identity);
        if (errno == Errno.None && identity.Length > 0) return identity;
        errno.Except(Errno.NoEntry).OrThrow("openat", $"{RealPath}/.bdist/id");
        identity = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        SmallFile.Replace(_mark, _mark, "id"u8, identity, Durability, $"{RealPath}/.bdist/id");
        Durability.SyncOrThrow(_mark, $"{RealPath}/.bdist");
        Durability.SyncOrThrow(_root, RealPath);
        return identity;
    }

    /// <summary>Unlocks and closes the ROOT.</summary>
    public void Dispose()
    {
        if (!_lock.IsClosed) _lock.Unlock();
        _lock.Dispose();
        _mark.Dispose();
        _root.Dispose();
    }
}
