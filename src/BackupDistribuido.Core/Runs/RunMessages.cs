using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Runs;

/// <summary>
/// A message of one run. Nodes send them to the coordinator, which passes them to the run. All of them state how things
/// are, not what has changed, and are repeated each second while they matter: losing, repeating or reordering them does
/// no harm.
/// </summary>
public interface IRunMessage : IWireMessage
{
    /// <summary>The run that it is about.</summary>
    RunId Run { get; }
}

/// <summary>
/// Run to destination: take part in this plan. Answered by a <see cref="ReplicaReport"/> of the plan's epoch. With
/// <paramref name="Checksum"/> its earlier snapshots are read before they are assumed to be unchanged.
/// <paramref name="Required"/>: how many copies the origin wants; null if the run does not know.
/// <paramref name="Tree"/>: the totals of the tree, for display. <paramref name="Seal"/>: what the origin sealed, if
/// known already; see <see cref="TreeSealed"/>.
/// </summary>
public sealed record PrepareReplica(DeliveryPlan Plan, string OriginIdentity, bool Checksum = false,
    int? Required = null, TreeTotals? Tree = null, Sha256Digest? Seal = null) : IRunMessage
{
    /// <inheritdoc/>
    public RunId Run => Plan.Run;
}

/// <summary>
/// Run to destination, at once when the origin has sealed its manifest, and each second until it is stored: publish a
/// tree of this digest, and no other one, whatever a link says.
/// </summary>
public sealed record TreeSealed(RunId Run, Sha256Digest Digest) : IRunMessage;

/// <summary>Run to origin: every receiver of the plan is prepared; send. Answered by a <see cref="DeliveryReport"/> of
/// the plan's epoch.</summary>
public sealed record Deliver(DeliveryPlan Plan) : IRunMessage
{
    /// <inheritdoc/>
    public RunId Run => Plan.Run;
}

/// <summary>A failed link of the plan, reported by its parent. <paramref name="Unreached"/>: dialling failed, or there
/// was no call.</summary>
public sealed record FailedLink(NodeName Destination, Reason Reason, bool Unreached = false);

/// <summary>
/// Origin to run, each second and at each change: which epoch it delivers, its failed links, what it has sent, the seal
/// once there is one, and what its links have carried. <paramref name="Problem"/>: why it can't read its source, so
/// that no link is to blame; null: it can. <paramref name="IsDamaged"/>: because the source is no longer a copy.
/// </summary>
public sealed record DeliveryReport(RunId Run, Epoch Epoch, IReadOnlyList<FailedLink> FailedLinks, TreeTotals Sent,
    SealedTree? Seal,
    IReadOnlyList<LinkFlow>? Flows = null, Reason? Problem = null, bool IsDamaged = false) : IRunMessage;

/// <summary>How far a destination is with a run.</summary>
public enum ReplicaPhase
{
    /// <summary>Ready for the epoch's link, or receiving.</summary>
    Receiving,
    /// <summary>Re-reading its staging after a restart.</summary>
    Resuming,
    /// <summary>It has all of the tree and is making it durable, or waits to hear what the origin sealed; it accepts no
    /// link any more.</summary>
    Publishing,
    /// <summary>Stored durably and published.</summary>
    Stored,
    /// <summary>It failed for a reason of its own, or can't take part.</summary>
    Failed,
}

/// <summary>
/// Destination to run, each second and at each change, until a final phase is answered by <see cref="ReplicaHeard"/>.
/// <paramref name="Digest"/> is the sealed manifest's, present if <paramref name="Phase"/> is
/// <see cref="ReplicaPhase.Stored"/>; <paramref name="FailedLinks"/> are its own links to children of the plan. What
/// older destinations don't say is a property: each has the default that means "it does not say".
/// </summary>
public sealed record ReplicaReport(
    RunId Run, Epoch Epoch, NodeName Destination, ReplicaPhase Phase, Sha256Digest? Digest, Reason Reason,
        IReadOnlyList<FailedLink> FailedLinks) : IRunMessage
{
    /// <summary>With <see cref="ReplicaPhase.Stored"/>, what could not be held; it has no
    /// <see cref="ReplicaLimits.Names"/> here, a word that older coordinators would refuse:
    /// <see cref="LacksNames"/>.</summary>
    public ReplicaShortfall Shortfall { get; init; }

    /// <summary>The bytes that it has re-read while it resumed: they grow, or it hangs.</summary>
    public long Verified { get; init; }

    /// <summary>Why the link from its parent ended early in this epoch, while it has no other; null: it did
    /// not.</summary>
    public Reason? LostLink { get; init; }

    /// <summary>What its links to children have carried; null: it does not say.</summary>
    public IReadOnlyList<LinkFlow>? Flows { get; init; }

    /// <summary>The content bytes that links have brought it in this run.</summary>
    public long Received { get; init; }

    /// <summary>With <see cref="ReplicaPhase.Stored"/>, where its files came from; null: it does not say.</summary>
    public ReplicaIntake? Intake { get; init; }

    /// <summary>The content bytes of the tree that are in its staging; null: it does not say.</summary>
    public long? Done { get; init; }

    /// <summary>Grows while its disk works at making the replica durable; null: it does not say, and is not judged by
    /// it.</summary>
    public long? Activity { get; init; }

    /// <summary>Its file system can't hold some names. The missing entries are counted in the shortfall.</summary>
    public bool LacksNames { get; init; }

    /// <summary>All that it lacks.</summary>
    public ReplicaShortfall Lacking() =>
        LacksNames ? Shortfall with { Limits = Shortfall.Limits | ReplicaLimits.Names } : Shortfall;
}

/// <summary>Run to destination: your final phase is known; need not be repeated.</summary>
public sealed record ReplicaHeard(RunId Run) : IRunMessage;

/// <summary>Entries <paramref name="First"/> to <paramref name="Last"/>.</summary>
public sealed record EntryRange(long First, long Last);

/// <summary>
/// Destination to run to origin, at most four times a second: files that are verified in staging now. For people to
/// watch; the promise does not rest on it.
/// </summary>
/// <param name="Bytes">Content bytes of all files that it has verified in this run so far.</param>
public sealed record FilesVerified(RunId Run, NodeName Destination, IReadOnlyList<EntryRange> Files, long Bytes = 0)
    : IRunMessage
{
    /// <summary>Most ranges in one message; the rest goes with the next.</summary>
    public const int MaxRanges = 2048;
}

/// <summary>
/// One destination as the run sees it; <paramref name="Done"/> is its progress, in content bytes of the tree, and
/// <paramref name="Copy"/> the same with its pace; null: an older coordinator does not say.
/// <paramref name="Identity"/>: its identity, also under another name; null if unknown. <paramref name="LacksNames"/>:
/// its replica lacks entries because of their names, without saying here which.
/// </summary>
public sealed record MemberReport(NodeName Name, MemberStanding Standing, Reason Reason, string Disk, long Done = 0,
    CopyProgress? Copy = null, string? Identity = null, bool LacksNames = false);

/// <summary>
/// Run to origin, each second and at each change. <paramref name="End"/> is there when the run is over, until
/// <see cref="RunEndHeard"/>. <paramref name="Progress"/> is how far it is; null: an older coordinator does not say.
/// </summary>
public sealed record RunReport(RunId Run, Epoch Epoch, IReadOnlyList<MemberReport> Members, RunSummary? End,
    RunProgress? Progress = null) : IRunMessage;

/// <summary>Origin to run: its end is known.</summary>
public sealed record RunEndHeard(RunId Run) : IRunMessage;

/// <summary>
/// Run to destination: the run is over; its unfinished staging is for the next one to resume. <paramref name="Keep"/>
/// is present after a protected and complete run that counts this destination's replica, and whose origin wants no more
/// snapshots than that. <paramref name="MayShrink"/>: its owner has said that a smaller tree may replace a larger one.
/// </summary>
public sealed record RunOver(RunId Run, int? Keep, bool MayShrink = false) : IRunMessage;
