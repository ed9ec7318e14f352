using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Layout;

/// <summary>
/// <c>ROOT/ORIGIN</c>: one origin's snapshots at a destination. <c>.origin</c> in it says whose they are, <c>.required</c> how many copies their owner wants. One writer at a time: the ROOT's lock keeps other processes out, its
/// owner keeps to one <see cref="StagedSnapshot"/>.
/// </summary>
public sealed class OriginFolder : IDisposable
{
    private static readonly byte[] OwnerName = ".origin"u8.ToArray();
    private static readonly byte[] RequiredName = ".required"u8.ToArray();

    /// <summary>Nobody's snapshot: what is set aside is staged under it.</summary>
    private static readonly SnapshotId Aside = SnapshotId.Parse("19700101T000000Z");

    private readonly DestinationRoot _root;
    private readonly RootAbilities _abilities;

    private OriginFolder(DestinationRoot root, NodeName origin, Descriptor folder, Action<string>? warn, Action<WrongFile>? foundWrong)
    {
        (_root, Origin, Directory, Warn, FoundWrong) = (root, origin, folder, warn ?? (_ => { }), foundWrong ?? (_ => { }));
        Snapshots = Make("snapshots"u8);
        Manifests = Make("manifests"u8);
        Staging = Make("staging"u8);
        Staged = new StagingFolder(this);
        _abilities = IsElsewhere() ? HoldingProbe.Try(Staging, $"{Path}/staging") : root.Abilities;
    }

    /// <summary>Whether another file system than ROOT's is here. It is refused where the folder's parts are on several: a publication renames from one into the others.</summary>
    private bool IsElsewhere()
    {
        Directory.Status(out var here).OrThrow("statx", Path);
        foreach (var (part, name) in new[] { (Snapshots, "snapshots"), (Manifests, "manifests"), (Staging, "staging") })
        {
            part.Status(out var there).OrThrow("statx", $"{Path}/{name}");
            if (there.Device != here.Device || there.MountId != here.MountId)
                throw new RootRefusedException(RootRefusal.Unusable, $"{Path}/{name} is on another file system than {Path}; snapshots, manifests and staging must be on one: mount the disk at {Path}, or at ROOT.");
        }
        return here.Device != _root.DeviceId;
    }

    /// <summary>Whose snapshots are here.</summary>
    public NodeName Origin { get; }

    /// <summary>The folder's absolute path.</summary>
    public string Path => $"{_root.RealPath}/{Origin}";

    internal Descriptor Directory { get; }

    internal Descriptor Snapshots { get; }

    internal Descriptor Manifests { get; }

    internal Descriptor Staging { get; }

    /// <summary>What is in <see cref="Staging"/>.</summary>
    internal StagingFolder Staged { get; }

    /// <summary>Told, for people, what could not be done and stops nothing.</summary>
    internal Action<string> Warn { get; }

    /// <summary>Told of each file of a published snapshot that was read here and is not what it should be.</summary>
    internal Action<WrongFile> FoundWrong { get; }

    internal Durability Durability => _root.Durability;

    /// <summary>What can't be held here, whatever a call says.</summary>
    internal ReplicaLimits Lacks => _abilities.Lacks;

    /// <summary>By the file system that holds what is staged: something else may be mounted here than at ROOT.</summary>
    internal bool SyncsAsAWhole
    {
        get
        {
            Staging.FileSystem(out var status).OrThrow("fstatfs", $"{Path}/staging");
            return Durability.Trusts(status);
        }
    }

    internal static OriginFolder Open(DestinationRoot root, NodeName origin, string identity, bool adopt, Action<string>? warn, Action<WrongFile>? foundWrong)
    {
        if (identity.Length == 0 || identity.Contains('\n')) throw new ArgumentException("An identity is one line of text.", nameof(identity));
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
            var opened = new OriginFolder(root, origin, folder, warn, foundWrong);
            Repair.Run(opened, root.Told);
            return opened;
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
                throw new RootRefusedException(RootRefusal.Foreign, $"{shown} is not a directory; remove it, or give the origin another --name.");
            errno.OrThrow("openat", shown);
            SmallFile.Read(folder, OwnerName, out var owner).Except(Errno.NoEntry).OrThrow("openat", $"{shown}/.origin");
            if (owner == identity) return true;
            if (adopt) return false;
            if (owner.Length > 0)
            {
                throw new RootRefusedException(RootRefusal.OtherOrigin,
                    $"{shown} holds the copies of {owner}, not of {identity}; give the origin another --name, or --adopt to go on in this folder.");
            }
            if (Folders.IsEmpty(folder, shown)) return false;
            throw new RootRefusedException(RootRefusal.Foreign,
                $"{shown} is not empty and was not made by bdist; give the origin another --name, or --adopt to use the folder as it is.");
        }
    }

    /// <summary>How many copies the origin wants: for whoever asks for it when nobody else knows.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void Requires(int copies)
    {
        if (RequiredIn(Directory) != copies)
            SmallFile.Replace(Directory, Directory, RequiredName, copies.ToString(CultureInfo.InvariantCulture), Durability, $"{Path}/.required");
    }

    internal static int? RequiredIn(Descriptor folder) =>
        SmallFile.Read(folder, RequiredName, out var text) == Errno.None && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var copies) && copies > 0 ? copies : null;

    /// <summary>The newest published snapshot; null when there is none.</summary>
    public SnapshotId? Newest => _root.Order.Newest(Ids());

    /// <summary>All published snapshots, oldest first.</summary>
    /// <exception cref="IOException">The folder or a manifest can't be read.</exception>
    public IReadOnlyList<StoredSnapshot> List() => [.. Ids().Select(id => new StoredSnapshot(id, ReadSeal(id)))];

    /// <summary>
    /// A replica that is published here, made durable once more: whoever published it may have been killed, or refused by the disk, between the rename and the last fsync, or before
    /// it had removed what was left in its staging, which goes now.
    /// Null where it is not, or has no manifest.
    /// </summary>
    /// <exception cref="DurabilityException">The disk did not make it durable.</exception>
    /// <exception cref="IOException">The folder or the manifest can't be read.</exception>
    /// <exception cref="InvalidDataException">What says what it lacks says something else.</exception>
    public PublishedReplica? Published(SnapshotId id)
    {
        if (!Ids().Contains(id) || ReadSeal(id) is not { } seal) return null;
        Durability.SyncOrThrow(Manifests, $"{Path}/manifests");
        Durability.SyncOrThrow(Snapshots, $"{Path}/snapshots");
        Durability.SyncOrThrow(Directory, Path);
        // What is left there is no reason to say that the replica is not stored.
        Staged.Remove(id.ToString());
        return new PublishedReplica(seal, ShortfallFile.Read(this, id), IntakeFile.Read(Manifests, id)?.Intake);
    }

    /// <summary>A place for a snapshot that is being received.</summary>
    /// <exception cref="InvalidOperationException">It is published already.</exception>
    /// <exception cref="PosixException">It can't be made, also where staging of this id was left behind: see <see cref="RemoveStaging"/>.</exception>
    public StagedSnapshot Stage(SnapshotId id)
    {
        if (Snapshots.Status(Encoding.ASCII.GetBytes(id.ToString()), out _) == Errno.None)
            throw new InvalidOperationException($"Snapshot {id} of {Origin} is published already.");
        return StagedSnapshot.Begin(this, id);
    }

    /// <summary>
    /// A place for a snapshot that is being received, where an earlier life of this destination may have staged a part of it: what is wholly there, read again and found right,
    /// is kept, all else is received anew. What was staged of other snapshots goes, but for the newest one (<see cref="EarlierSnapshot.Interrupted"/>). Takes as long as reading it; not for a thread that others wait for.
    /// </summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="verified">Told each number of bytes that were read and found to be there.</param>
    /// <param name="cancel">Ends it early; what is staged stays.</param>
    /// <exception cref="InvalidOperationException">It is published already.</exception>
    /// <exception cref="PosixException">It can't be made.</exception>
    public StagedSnapshot Resume(SnapshotId id, Action<long> verified, CancellationToken cancel)
    {
        var interrupted = Staged.Newest(id)?.ToString();
        foreach (var name in Staged.Names().Where(name => name != id.ToString() && name != interrupted)) Staged.Remove(name);
        if (new StagedResumption(this, id, verified, cancel).Run() is { } resumed) return resumed;
        Staged.Remove(id.ToString());
        return Stage(id);
    }

    /// <summary>
    /// The manifest that was received of a staged snapshot is wrong: what is staged of it is no beginning of it any more, but its files may be of use, as those of an interrupted snapshot are
    /// (<see cref="EarlierSnapshot.Interrupted"/>). What else is staged goes.
    /// </summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void SetAside(SnapshotId id)
    {
        foreach (var name in Staged.Names().Where(name => name != id.ToString())) Staged.Remove(name);
        Staging.Rename(Encoding.ASCII.GetBytes(id.ToString()), Staging, Encoding.ASCII.GetBytes(Aside.ToString())).Except(Errno.NoEntry).OrThrow("renameat2", $"{Path}/staging/{id}");
    }

    /// <summary>Removes what runs that are over have left in staging.</summary>
    /// <exception cref="PosixException">Something can neither be removed nor set aside.</exception>
    public void RemoveStaging() => Staged.RemoveAll();

    /// <summary>Removes what is staged of one snapshot; no error when nothing is.</summary>
    /// <exception cref="PosixException">It can neither be removed nor set aside.</exception>
    public void RemoveStaging(SnapshotId id) => Staged.Remove(id.ToString());

    /// <summary>
    /// Removes old snapshots and their manifests by the rules of <see cref="RetentionRule"/>. Whenever this is interrupted, what is listed is whole, and the rest goes with <see cref="RemoveStaging()"/>. What
    /// can't be removed is told, and tried again the next time. One from the future, by the stored one's id, is neither counted nor removed.
    /// </summary>
    /// <param name="keep">So many stay.</param>
    /// <param name="stored">The protected one, which need not be the newest: a clock may have gone back.</param>
    /// <param name="mayShrink">Whether one with far fewer entries may take the place of an older one.</param>
    /// <returns>The removed ones, oldest first.</returns>
    /// <exception cref="PosixException">A folder can't be read, or the disk did not make it durable.</exception>
    public IReadOnlyList<SnapshotId> Prune(int keep, SnapshotId stored, bool mayShrink = false)
    {
        Retirement.Complete(this, says: true);
        Staged.RemoveStuck();
        var plan = RetentionRule.Plan([.. Ids().Where(SnapshotOrder.Upon(stored).IsCredible).Select(id => new KeptSnapshot(id, TrySeal(id)?.Entries, Verified(id) is Verification.Damaged, ShortfallFile.MayLackNames(this, id), ShortfallFile.MissingIn(this, id)))], keep, stored, mayShrink);
        if (plan.HeldBack is { Count: > 0 } held) Warn($"Snapshot {held[^1]} of {Origin} stays beyond --keep {keep}: it has far more entries than those after it, or fewer of them are missing here; run once with --allow-shrink where that is right");
        if (plan.Named is { } named) Warn($"Snapshot {named} of {Origin} stays beyond --keep {keep}: those after it lack entries whose names this file system can't have");
        return [.. plan.Removed.Where(id => Retirement.Of(this, id))];
    }

    // One manifest that can't be read is no reason to stop: its snapshot counts for nothing.
    private ManifestSeal? TrySeal(SnapshotId id)
    {
        try
        {
            return ReadSeal(id);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What reading a published snapshot again has found last; null where that was never done.</summary>
    public Verification? Verified(SnapshotId id) => VerificationFile.Read(Manifests, id)?.Verdict;

    /// <summary>No file of a published snapshot was last read, or received, before that; null where nobody knows.</summary>
    internal DateTimeOffset? OldestRead(SnapshotId id)
    {
        var (came, read) = (IntakeFile.Read(Manifests, id)?.OldestRead, Verified(id) is Verification.Sound { Unread: 0 } sound ? sound.Time : (DateTimeOffset?)null);
        return came > read ? came : read ?? came;
    }

    /// <summary>Where a published snapshot's manifest is.</summary>
    public string ManifestPath(SnapshotId id) => $"{Path}/manifests/{id}.manifest";

    /// <summary>Where a published snapshot's tree is.</summary>
    public string SnapshotPath(SnapshotId id) => $"{Path}/snapshots/{id}";

    internal IEnumerable<SnapshotId> Ids() => DestinationRoot.SnapshotsIn(Snapshots, $"{Path}/snapshots");

    /// <summary>Opens a snapshot's manifest; null when it has none.</summary>
    /// <exception cref="PosixException">It can't be opened, or is no regular file of this folder.</exception>
    internal Descriptor? OpenManifest(SnapshotId id)
    {
        var errno = Manifests.OpenRegular(Encoding.ASCII.GetBytes($"{id}.manifest"), out var manifest);
        if (errno == Errno.NoEntry) return null;
        errno.OrThrow("openat", ManifestPath(id));
        return manifest;
    }

    private ManifestSeal? ReadSeal(SnapshotId id)
    {
        using var manifest = OpenManifest(id);
        return manifest is null ? null : ManifestReader.ReadSeal(manifest, ManifestPath(id));
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
