using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
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

    /// <summary>Held while findings about a snapshot are written.</summary>
    internal Lock Verifications { get; } = new();

    /// <summary>The last report, per origin, about manifests whose snapshots are not there.</summary>
    internal ConcurrentDictionary<NodeName, string> Reported { get; } = new();

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
                    new RootRefusedException(RootRefusal.NotWritable, RootReason.NotWritable(Reason.Of(posix))),
                _ => new RootRefusedException(RootRefusal.Unusable, RootReason.NotUsable(Reason.Of(posix))),
            };
        }
    }

    /// <summary>The room of each origin whose folder is on another file system than ROOT, of at most so many. It waits
    /// for each of these, as long as that takes.</summary>
    /// <exception cref="PosixException">ROOT itself can't be read.</exception>
    public IReadOnlyList<OriginRoom> RoomsElsewhere(int most) =>
        [.. Origins().Select(RoomElsewhere).OfType<OriginRoom>().Take(most)];

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

    /// <summary>The origins that something here is named after.</summary>
    /// <exception cref="PosixException">ROOT can't be read.</exception>
    internal IEnumerable<NodeName> Origins()
    {
        foreach (var name in Folders.Names(_root, RealPath))
        {
            if (NodeName.TryParse(name, out var origin, out _)) yield return origin;
        }
    }

    /// <summary>Opens the folder of an origin's published snapshots. No link below ROOT is followed.</summary>
    internal Errno OpenSnapshots(NodeName origin, out Descriptor folder) => Open($"{origin}/snapshots", out folder);

    /// <summary>Opens a published snapshot's tree. No link below ROOT is followed.</summary>
    internal Errno OpenSnapshot(NodeName origin, SnapshotId id, out Descriptor tree) =>
        Open($"{origin}/snapshots/{id}", out tree);

    /// <summary>Opens the folder of an origin's manifests. No link below ROOT is followed.</summary>
    internal Errno OpenManifests(NodeName origin, out Descriptor folder) => Open($"{origin}/manifests", out folder);

    /// <summary>Opens a published snapshot's manifest, or whatever has its name: a named pipe in its place is not
    /// waited for. No link below ROOT is followed.</summary>
    internal Errno OpenManifest(NodeName origin, SnapshotId id, out Descriptor file)
    {
        var name = Encoding.ASCII.GetBytes($"{origin}/manifests/{id}.manifest");
        return _root.OpenBeneath(name, OpenFlags.NonBlocking, out file);
    }

    /// <summary>Where an origin's folder is.</summary>
    internal string PathOf(NodeName origin) => $"{RealPath}/{origin}";

    /// <summary>Where a published snapshot's tree is.</summary>
    internal string SnapshotPath(NodeName origin, SnapshotId id) => $"{RealPath}/{origin}/snapshots/{id}";

    /// <summary>Where a published snapshot's manifest is.</summary>
    internal string ManifestPath(NodeName origin, SnapshotId id) => $"{RealPath}/{origin}/manifests/{id}.manifest";

    private Errno Open(string path, out Descriptor folder) =>
        _root.OpenBeneath(Encoding.ASCII.GetBytes(path), OpenFlags.Directory, out folder);

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
