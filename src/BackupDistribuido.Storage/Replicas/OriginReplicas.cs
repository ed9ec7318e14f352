using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Replicas;

/// <summary>
/// One origin's snapshots at a destination: published, being received, being removed. One writer at a time: the ROOT's
/// lock keeps other processes away, and its owner uses one <see cref="StagedSnapshot"/>.
/// </summary>
public sealed class OriginReplicas : IDisposable
{
    /// <summary>An id that no snapshot has: what is set aside is staged under it.</summary>
    private static readonly SnapshotId Aside = SnapshotId.Parse("19700101T000000Z");

    private OriginReplicas(OriginFolder folder) => Folder = folder;

    internal OriginFolder Folder { get; }

    /// <summary>Whose snapshots are here.</summary>
    public NodeName Origin => Folder.Origin;

    /// <summary>The folder's absolute path.</summary>
    public string Path => Folder.Path;

    /// <summary>
    /// Opens the folder for an origin's snapshots; it is made when it isn't there, and put right where a run was
    /// interrupted after its commit point.
    /// </summary>
    /// <param name="root">The destination's ROOT.</param>
    /// <param name="origin">The origin's name, and the folder's.</param>
    /// <param name="originIdentity">The origin's machine and real path, one line of text.</param>
    /// <param name="adopt">Take the folder over from another origin, or though its content is not ours.</param>
    /// <param name="warn">Gets, as texts for users, failures that stop nothing; null: not needed.</param>
    /// <param name="foundWrong">Gets each file of a published snapshot that is read for a new one and is wrong, from
    /// the reading thread; null: not needed.</param>
    /// <exception cref="RootRefusedException">The folder belongs to another origin, or its owner is unknown; nothing
    /// was created.</exception>
    /// <exception cref="PosixException">A call failed.</exception>
    public static OriginReplicas Open(
        DestinationRoot root, NodeName origin, string originIdentity, bool adopt = false, Action<Reason>? warn = null,
        Action<WrongFile>? foundWrong = null)
    {
        var folder = OriginFolder.Open(root, origin, originIdentity, adopt, warn, foundWrong);
        try
        {
            Repair.Run(folder, root.Reported);
            return new OriginReplicas(folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>How many copies the origin wants: for a coordinator that does not know it otherwise.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void Requires(int copies) => Folder.Requires(copies);

    /// <summary>The newest published snapshot; null when there is none.</summary>
    public SnapshotId? Newest => Folder.Newest;

    /// <summary>All published snapshots, oldest first.</summary>
    /// <exception cref="IOException">The folder or a manifest can't be read.</exception>
    public IReadOnlyList<StoredSnapshot> List() =>
        [.. Folder.Ids().Select(id => new StoredSnapshot(id, ManifestReader.ReadSeal(Folder, id)))];

    /// <summary>
    /// A replica that is published here, made durable once more: its publisher may have been killed, or refused by the
    /// disk, between the rename and the last fsync, or before it had removed the rest of its staging, which is removed
    /// now. Null if it is not published, or has no manifest.
    /// </summary>
    /// <exception cref="DurabilityException">The disk did not make it durable.</exception>
    /// <exception cref="IOException">The folder or the manifest can't be read.</exception>
    /// <exception cref="InvalidDataException">The file with what it lacks is invalid.</exception>
    public PublishedReplica? Published(SnapshotId id)
    {
        if (!Folder.Ids().Contains(id) || ManifestReader.ReadSeal(Folder, id) is not { } seal) return null;
        Folder.Durability.SyncOrThrow(Folder.Manifests, $"{Path}/manifests");
        Folder.Durability.SyncOrThrow(Folder.Snapshots, $"{Path}/snapshots");
        Folder.Durability.SyncOrThrow(Folder.Directory, Path);
        // Remains in staging don't make the replica any less stored.
        Folder.Staged.Remove(id.ToString());
        return new PublishedReplica(seal, ShortfallFile.Read(Folder, id),
            IntakeFile.Read(Folder.Manifests, id)?.Intake);
    }

    /// <summary>A place for a snapshot that is being received.</summary>
    /// <exception cref="InvalidOperationException">It is published already.</exception>
    /// <exception cref="PosixException">
    /// It can't be made, also where staging of this id was left behind: see <see cref="RemoveStaging()"/>.
    /// </exception>
    public StagedSnapshot Stage(SnapshotId id)
    {
        if (Folder.Snapshots.Status(Encoding.ASCII.GetBytes(id.ToString()), out _) == Errno.None)
            throw new InvalidOperationException($"Snapshot {id} of {Origin} is published already.");
        return StagedSnapshot.Begin(Folder, id);
    }

    /// <summary>
    /// A place for a snapshot that is being received, of which an earlier incarnation of this destination may have
    /// staged a part: whole pages that are re-read and found right are kept, everything else is received again. Staging
    /// of other snapshots is removed, except for the newest one (<see cref="EarlierSnapshot.Interrupted"/>). Takes as
    /// long as reading it; not for a thread that others wait for.
    /// </summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="verified">Gets each number of bytes that were read and found to be there.</param>
    /// <param name="cancel">Ends it early; staging stays.</param>
    /// <exception cref="InvalidOperationException">It is published already.</exception>
    /// <exception cref="PosixException">It can't be made.</exception>
    public StagedSnapshot Resume(SnapshotId id, Action<long> verified, CancellationToken cancel)
    {
        var interrupted = Folder.Staged.Newest(id)?.ToString();
        var others = Folder.Staged.Names().Where(name => name != id.ToString() && name != interrupted);
        foreach (var name in others) Folder.Staged.Remove(name);
        if (new StagedResumption(Folder, id, verified, cancel).Run() is { } resumed) return resumed;
        Folder.Staged.Remove(id.ToString());
        return Stage(id);
    }

    /// <summary>
    /// The received manifest of a staged snapshot is wrong: its staging can't be continued, but its files may be
    /// useful, like those of an interrupted snapshot (<see cref="EarlierSnapshot.Interrupted"/>). All other staging is
    /// removed.
    /// </summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void SetAside(SnapshotId id)
    {
        foreach (var name in Folder.Staged.Names().Where(name => name != id.ToString())) Folder.Staged.Remove(name);
        var aside = Encoding.ASCII.GetBytes(Aside.ToString());
        Folder.Staging.Rename(Encoding.ASCII.GetBytes(id.ToString()), Folder.Staging, aside).Except(Errno.NoEntry)
            .OrThrow("renameat2", $"{Path}/staging/{id}");
    }

    /// <summary>Removes what runs that are over have left in staging.</summary>
    /// <exception cref="PosixException">Something can neither be removed nor set aside.</exception>
    public void RemoveStaging() => Folder.Staged.RemoveAll();

    /// <summary>Removes the staging of one snapshot; no error if there is none.</summary>
    /// <exception cref="PosixException">It can neither be removed nor set aside.</exception>
    public void RemoveStaging(SnapshotId id) => Folder.Staged.Remove(id.ToString());

    /// <summary>
    /// Removes old snapshots and their manifests by the rules of <see cref="RetentionRule"/>. If this is interrupted,
    /// all listed snapshots are complete, and <see cref="RemoveStaging()"/> removes the rest. What can't be removed is
    /// reported, and tried again the next time. A snapshot from the future, by the stored one's id, is neither counted
    /// nor removed.
    /// </summary>
    /// <param name="keep">So many stay.</param>
    /// <param name="stored">The protected one, which need not be the newest: a clock may have gone back.</param>
    /// <param name="mayShrink">Whether one with far fewer entries may take the place of an older one.</param>
    /// <returns>The removed ones, oldest first.</returns>
    /// <exception cref="PosixException">
    /// A folder can't be read, or the disk did not make it durable.
    /// </exception>
    public IReadOnlyList<SnapshotId> Prune(int keep, SnapshotId stored, bool mayShrink = false)
    {
        Retirement.Complete(Folder, says: true);
        Folder.Staged.RemoveStuck();
        var kept = Folder.Ids().Where(SnapshotOrder.Upon(stored).IsCredible).Select(Kept).ToList();
        var plan = RetentionRule.Plan(kept, keep, stored, mayShrink);
        if (plan.HeldBack is { Count: > 0 } held)
        {
            Folder.Warn(RootReason.KeptForEntries(held[^1], Origin, keep));
        }
        if (plan.Named is { } named)
        {
            Folder.Warn(RootReason.KeptForNames(named, Origin, keep));
        }
        return [.. plan.Removed.Where(id => Retirement.Of(Folder, id))];
    }

    private KeptSnapshot Kept(SnapshotId id) => new(
        id, TrySeal(id)?.Entries, Verified(id) is Verification.Damaged, ShortfallFile.MayLackNames(Folder, id),
        ShortfallFile.MissingIn(Folder, id));

    // An unreadable manifest must not stop this: its snapshot does not count.
    private ManifestSeal? TrySeal(SnapshotId id)
    {
        try
        {
            return ManifestReader.ReadSeal(Folder, id);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What reading a published snapshot again has found last; null where that was never done.</summary>
    public Verification? Verified(SnapshotId id) => VerificationFile.Read(Folder.Manifests, id)?.Verdict;

    /// <summary>Where a published snapshot's manifest is.</summary>
    public string ManifestPath(SnapshotId id) => Folder.ManifestPath(id);

    /// <summary>Where a published snapshot's tree is.</summary>
    public string SnapshotPath(SnapshotId id) => Folder.SnapshotPath(id);

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
