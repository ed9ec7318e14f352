using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Membership;

/// <summary>The newest snapshot that a destination has of one origin.</summary>
/// <param name="Entries">How many entries its manifest has, the root among them; null where that is not known.</param>
/// <param name="Bytes">How many bytes its files have; null where that is not known.</param>
/// <param name="Digest">The digest that its manifest is sealed with; null where that is not known.</param>
/// <param name="OriginIdentity">Whose it is; null where that is not known.</param>
/// <param name="Verified">What reading it again has found last; null: that was never done.</param>
/// <param name="Required">How many copies its origin wanted when it was copied; null where that is not known.</param>
public sealed record HeldSnapshot(
    NodeName Origin, SnapshotId Snapshot, long? Entries = null, long? Bytes = null, Sha256Digest? Digest =
        null, string? OriginIdentity = null, Verification? Verified = null, int? Required = null)
{
    /// <summary>When it was published there, by that machine's clock, in whole seconds; null where that is not
    /// known.</summary>
    public DateTimeOffset? Arrived { get; init; }

    /// <summary>It is damaged because it is not there any more: it can be sent again.</summary>
    public bool IsGone { get; init; }

    /// <summary>Entries of it that this destination's file system could not hold; null: it does not say.</summary>
    public long? Missing { get; init; }

    /// <summary>Its disk does not answer, or was not checked yet: it is not a copy until that is known, but no damage
    /// was found. <see cref="Verified"/> says damaged, for coordinators that don't know this.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Whether re-reading found it damaged: then it is not a copy.</summary>
    public bool IsDamaged => Verified is Verification.Damaged;
}

/// <summary>The result of re-reading an older snapshot at a destination; nothing for one that was never
/// re-read.</summary>
public sealed record OlderSnapshot(NodeName Origin, SnapshotId Snapshot, Verification Verified);

/// <summary>
/// A destination's staging of one origin's unfinished snapshots. It counts as free space for that origin: the same run
/// resumes it, another one removes it.
/// </summary>
public sealed record StagedBefore(NodeName Origin, long Bytes, long Inodes);

/// <summary>The room for one origin, whose folder at a destination is on another file system than its ROOT: a disk that
/// is mounted there.</summary>
/// <param name="Origin">Whose folder.</param>
/// <param name="FreeBytes">Bytes that could still be stored there; null where that file system does not say.</param>
/// <param name="FreeInodes">Files, directories and links that could still be made there; null where it does not count
/// them.</param>
public sealed record OriginRoom(NodeName Origin, long? FreeBytes, long? FreeInodes);

/// <summary>A destination's report of itself, each second.</summary>
/// <param name="Data">Where it is; where it has port 0 it accepts no connections (<see cref="Dialled"/>).</param>
/// <param name="FreeBytes">Bytes that it could still store; null where its file system does not say.</param>
/// <param name="Disk">Names its root's file system; equal texts are one disk.</param>
/// <param name="Place">Names its root's machine and real path, in the form of an origin's identity.</param>
/// <param name="Newest">The newest snapshot of each origin that it has, at most 256.</param>
/// <param name="HighestEpoch">The highest epoch that it has heard of.</param>
public sealed record DestinationRegistration(
    NodeIdentity Node, NodeAddress Data, long? FreeBytes, string Disk, string Place, IReadOnlyList<HeldSnapshot> Newest,
    Epoch HighestEpoch)
{
    /// <summary>Files, directories and links that it could still make; null where its file system does not count
    /// them.</summary>
    public long? FreeInodes { get; init; }

    /// <summary>Its left staging, one element per origin, at most 256; null: none.</summary>
    public IReadOnlyList<StagedBefore>? Leftovers { get; init; }

    /// <summary>The rate that it keeps to on the wire, each way; null: none.</summary>
    public Rate? Limit { get; init; }

    /// <summary>The length of the longest file that its file system holds; null where that is not known.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>The kinds of things that its file system can't hold.</summary>
    public ReplicaLimits Lacks { get; init; }

    /// <summary>The features that it understands: see <see cref="Editions"/>. One that says nothing of it, which reads
    /// as zero, is of the first.</summary>
    public int Edition { get; init => field = value == 0 ? Editions.First : value; } = Editions.First;

    /// <summary>Results for snapshots that are not the newest, damaged ones first, at most 256; null: none.</summary>
    public IReadOnlyList<OlderSnapshot>? Older { get; init; }

    /// <summary>Free space of origins whose folders are on other file systems than its root's, at most 64; null, or an
    /// origin that is not named: the free space at the root.</summary>
    public IReadOnlyList<OriginRoom>? Rooms { get; init; }

    /// <summary>The number of the last change of its catalogue of all snapshots; null: it has none, or still reads
    /// it.</summary>
    public long? Catalogue { get; init; }

    /// <summary>What it speaks on links; null: version 1.</summary>
    public LinkProfile? Links { get; init; }

    /// <summary>Where others dial it; null: they can't, it dials.</summary>
    public NodeAddress? Dialled => Data.Port == 0 ? null : Data;

    /// <summary>The room for an origin's snapshots, wherever they are.</summary>
    public OriginRoom RoomFor(NodeName origin) =>
        Rooms?.FirstOrDefault(room => room.Origin == origin) ?? new OriginRoom(origin, FreeBytes, FreeInodes);

    /// <summary>The same once it has stored <paramref name="stored"/>, before it reports that itself. A newer snapshot
    /// that it has stays the newest, if possible.</summary>
    public DestinationRegistration Holding(HeldSnapshot stored) => this with
    {
        Newest =
        [
            .. Newest.Where(held => held.Origin != stored.Origin),
            Newest.Where(held => held.Origin == stored.Origin).Append(stored)
                .MaxBy(held => held.Snapshot, SnapshotOrder.Upon(stored.Snapshot))!,
        ],
    };
}

/// <summary>The run that an origin believes to be in.</summary>
public sealed record RunInProgress(RunId Run, SnapshotId Snapshot, Epoch Epoch, SealedTree? Seal);

/// <summary>What an origin says of itself each second.</summary>
/// <param name="Totals">The tree's totals; null while they are being counted.</param>
/// <param name="Required">Copies that protect it.</param>
/// <param name="StartWith">So many eligible destinations suffice once <paramref name="WaitIsOver"/>.</param>
/// <param name="Disk">Names the file system that the tree is on.</param>
/// <param name="InProgress">The run that it is in; null while it waits.</param>
public sealed record OriginRegistration(
    NodeIdentity Node, TreeTotals? Totals, int Required, int StartWith, bool WaitIsOver, string Disk,
    RunInProgress? InProgress)
{
    /// <summary>Snapshots that destinations keep after a protected run; null: all.</summary>
    public int? Keep { get; init; }

    /// <summary>What share of its entries it may have lost since its last snapshot; null: it may shrink as it likes.
    /// See <c>ShrinkGuard</c>.</summary>
    public int? MaxShrinkPercent { get; init; }

    /// <summary>Bytes that its files take on a disk, holes left out; null: as many as they have.</summary>
    public long? Room { get; init; }

    /// <summary>What its plans should look like.</summary>
    public TopologyChoice Topology { get; init; }

    /// <summary>Whether destinations read their files before they assume that they are unchanged.</summary>
    public bool Checksum { get; init; }

    /// <summary>Where destinations dial it that accept no connections; null: they can't.</summary>
    public NodeAddress? Data { get; init; }

    /// <summary>Bytes of its largest file; null where that is not known.</summary>
    public long? LargestFile { get; init; }

    /// <summary>It is connected only: no run is to begin.</summary>
    public bool Holds { get; init; }

    /// <summary>Nothing is to be sent for now of the run that it is in.</summary>
    public bool Pauses { get; init; }

    /// <summary>All destinations that can come are connected: there are no further waits, neither before a run nor
    /// during it.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The features that it understands: see <see cref="Editions"/>. One that says nothing of it, which reads
    /// as zero, is of the first.</summary>
    public int Edition { get; init => field = value == 0 ? Editions.First : value; } = Editions.First;

    /// <summary>Why the origin refuses to let its tree be copied as it is, from what only it knows
    /// (<c>ShrinkGuard</c>): no run begins. Null: it allows it.</summary>
    public Reason? Refusal { get; init; }

    /// <summary>What it speaks on links; null: version 1.</summary>
    public LinkProfile? Links { get; init; }
}

/// <summary>What nodes of different versions understand; each says its own when it registers.</summary>
public static class Editions
{
    /// <summary>Those that say nothing of it: snapshot ids without a mark, and no seal by the coordinator.</summary>
    public const int First = 1;

    /// <summary>Snapshot ids with a mark.</summary>
    public const int Marks = 2;

    /// <summary>The coordinator tells destinations what the origin sealed.</summary>
    public const int Seals = 2;

    /// <summary>This one.</summary>
    public const int Newest = 2;
}
