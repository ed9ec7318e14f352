using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>
/// <c>ROOT/ORIGIN</c> and the folders in it: where one origin's snapshots are at a destination. <c>.origin</c> says
/// whose they are, <c>.required</c> how many copies their owner wants. One writer at a time: the ROOT's lock keeps
/// other processes away, its owner keeps to one staged snapshot.
/// </summary>
internal sealed class OriginFolder : IDisposable
{
    private static readonly byte[] OwnerName = ".origin"u8.ToArray();
    private static readonly byte[] RequiredName = ".required"u8.ToArray();

    private readonly DestinationRoot _root;
    private readonly RootAbilities _abilities;

    private OriginFolder(
        DestinationRoot root, NodeName origin, Descriptor folder, Action<Reason>? warn, Action<WrongFile>? foundWrong)
    {
        (_root, Origin, Directory) = (root, origin, folder);
        (Warn, FoundWrong) = (warn ?? (_ => { }), foundWrong ?? (_ => { }));
        Snapshots = Make("snapshots"u8);
        Manifests = Make("manifests"u8);
        Staging = Make("staging"u8);
        Staged = new StagingFolder(this);
        _abilities = IsElsewhere() ? HoldingProbe.Try(Staging, $"{Path}/staging") : root.Abilities;
    }

    /// <summary>
    /// Whether another file system than ROOT's is here. It is refused where the folder's parts are on several: a
    /// publication renames from one into the others.
    /// </summary>
    private bool IsElsewhere()
    {
        Directory.Status(out var here).OrThrow("statx", Path);
        var parts = new[] { (Snapshots, "snapshots"), (Manifests, "manifests"), (Staging, "staging") };
        foreach (var (part, name) in parts)
        {
            part.Status(out var there).OrThrow("statx", $"{Path}/{name}");
            if (there.Device == here.Device && there.MountId == here.MountId) continue;
            throw new RootRefusedException(RootRefusal.Unusable,
                RootReason.SeveralFileSystems($"{Path}/{name}", Path, Path));
        }
        return here.Device != _root.DeviceId;
    }

    /// <summary>Whose snapshots are here.</summary>
    public NodeName Origin { get; }

    /// <summary>The folder's absolute path.</summary>
    public string Path => $"{_root.RealPath}/{Origin}";

    public Descriptor Directory { get; }

    public Descriptor Snapshots { get; }

    public Descriptor Manifests { get; }

    public Descriptor Staging { get; }

    /// <summary>The entries of <see cref="Staging"/>.</summary>
    public StagingFolder Staged { get; }

    /// <summary>Gets, as texts for users, failures that stop nothing.</summary>
    public Action<Reason> Warn { get; }

    /// <summary>Gets each file of a published snapshot that was read here and is wrong.</summary>
    public Action<WrongFile> FoundWrong { get; }

    public Durability Durability => _root.Durability;

    /// <summary>What can't be held here, whatever the result of a call.</summary>
    public ReplicaLimits Lacks => _abilities.Lacks;

    /// <summary>Depends on the file system of staging: something else may be mounted here than at ROOT.</summary>
    public bool SyncsAsAWhole
    {
        get
        {
            Staging.FileSystem(out var status).OrThrow("fstatfs", $"{Path}/staging");
            return Durability.Trusts(status);
        }
    }

    /// <summary>Opens it; made where it isn't there.</summary>
    /// <param name="root">The ROOT.</param>
    /// <param name="origin">The origin's name, and the folder's.</param>
    /// <param name="identity">The origin's machine and real path, one line of text.</param>
    /// <param name="adopt">Take the folder over from another origin, or though its content is not ours.</param>
    /// <param name="warn">See <see cref="Warn"/>; null: not needed.</param>
    /// <param name="foundWrong">See <see cref="FoundWrong"/>; null: not needed.</param>
    /// <exception cref="RootRefusedException">It belongs to another origin, or its owner is unknown; nothing was
    /// created.</exception>
    /// <exception cref="PosixException">A call failed.</exception>
    public static OriginFolder Open(
        DestinationRoot root, NodeName origin, string identity, bool adopt, Action<Reason>? warn,
        Action<WrongFile>? foundWrong)
    {
        if (identity.Length == 0 || identity.Contains('\n'))
            throw new ArgumentException("An identity is one line of text.", nameof(identity));
        var (shown, name) = ($"{root.RealPath}/{origin}", Encoding.ASCII.GetBytes(origin.ToString()));
        var isOurs = CheckOwner(root, name, origin, identity, adopt);
        var folder = Folders.Make(root.Directory, name, shown, root.Durability);
        try
        {
            if (!isOurs)
            {
                folder.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", shown);
                SmallFile.Replace(folder, folder, OwnerName, identity, root.Durability, $"{shown}/.origin");
                root.Durability.SyncOrThrow(folder, shown);
            }
            return new OriginFolder(root, origin, folder, warn, foundWrong);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>True when the folder says that it is this origin's; refuses one that says something else.</summary>
    private static bool CheckOwner(DestinationRoot root, byte[] name, NodeName origin, string identity, bool adopt)
    {
        var shown = $"{root.RealPath}/{origin}";
        var errno = root.Directory.OpenDirectory(name, out var folder);
        using (folder)
        {
            if (errno == Errno.NoEntry) return false;
            if (errno is Errno.NotDirectory or Errno.Loop)
            {
                throw new RootRefusedException(RootRefusal.Foreign,
                    RootReason.OriginNotAFolder(shown));
            }
            errno.OrThrow("openat", shown);
            SmallFile.Read(folder, OwnerName, out var owner).Except(Errno.NoEntry)
                .OrThrow("openat", $"{shown}/.origin");
            if (owner == identity) return true;
            if (adopt) return false;
            if (owner.Length > 0)
            {
                throw new RootRefusedException(RootRefusal.OtherOrigin,
                    RootReason.OtherOrigin(shown, owner, identity));
            }
            if (Folders.IsEmpty(folder, shown)) return false;
            throw new RootRefusedException(RootRefusal.Foreign,
                RootReason.OriginNotEmpty(shown));
        }
    }

    /// <summary>How many copies the origin wants: for a coordinator that does not know it otherwise.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void Requires(int copies)
    {
        if (RequiredIn(Directory) == copies) return;
        var text = copies.ToString(CultureInfo.InvariantCulture);
        SmallFile.Replace(Directory, Directory, RequiredName, text, Durability, $"{Path}/.required");
    }

    /// <summary>How many copies an origin wanted when it was here last; null where that is not known.</summary>
    public static int? RequiredIn(Descriptor folder) =>
        SmallFile.Read(folder, RequiredName, out var text) == Errno.None
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var copies) && copies > 0
            ? copies : null;

    /// <summary>The published snapshots, oldest first.</summary>
    /// <exception cref="PosixException">The folder can't be read.</exception>
    public IEnumerable<SnapshotId> Ids() => Folders.Snapshots(Snapshots, $"{Path}/snapshots");

    /// <summary>The newest published snapshot; null when there is none.</summary>
    public SnapshotId? Newest => _root.Order.Newest(Ids());

    /// <summary>Where a published snapshot's manifest is.</summary>
    public string ManifestPath(SnapshotId id) => $"{Path}/manifests/{id}.manifest";

    /// <summary>Where a published snapshot's tree is.</summary>
    public string SnapshotPath(SnapshotId id) => $"{Path}/snapshots/{id}";

    /// <summary>Opens a snapshot's manifest; null when it has none.</summary>
    /// <exception cref="PosixException">It can't be opened, or is not a regular file of this folder.</exception>
    public Descriptor? OpenManifest(SnapshotId id)
    {
        var errno = Manifests.OpenRegular(Encoding.ASCII.GetBytes($"{id}.manifest"), out var manifest);
        if (errno == Errno.NoEntry) return null;
        errno.OrThrow("openat", ManifestPath(id));
        return manifest;
    }

    private Descriptor Make(ReadOnlySpan<byte> name) =>
        Folders.Make(Directory, name, $"{Path}/{Encoding.ASCII.GetString(name)}", _root.Durability);

    /// <inheritdoc/>
    public void Dispose()
    {
        Staging.Dispose();
        Manifests.Dispose();
        Snapshots.Dispose();
        Directory.Dispose();
    }
}
