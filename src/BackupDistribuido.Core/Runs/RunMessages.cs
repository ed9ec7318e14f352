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
/// A message of one run. Nodes send them to the coordinator, which hands them to the run. All of them state how things
/// are, not what has changed, and are sent again each second while they matter: losing, repeating or reordering them
/// harms nothing.
/// </summary>
public interface IRunMessage : IWireMessage
{
    /// <summary>The run that it is about.</summary>
    RunId Run { get; }
}

/// <summary>
/// Run to destination: take part in this plan. Answered by a <see cref="ReplicaReport"/> of the plan's epoch. With
/// <paramref name="Checksum"/> what it holds of earlier snapshots is read before it is believed to be unchanged.
/// <paramref name="Required"/>: how many copies the origin wants; null where the run does not know.
/// <paramref name="Tree"/>: what the tree has, for people to watch. <paramref name="Seal"/>: what the origin sealed,
/// where that is known already; see <see cref="TreeSealed"/>.
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

/// <summary>A link of the plan that failed, told by its parent. <paramref name="Unreached"/>: whoever had to dial did
/// so in vain, or not at all.</summary>
public sealed record FailedLink(NodeName Destination, Reason Reason, bool Unreached = false);

/// <summary>
/// Origin to run, each second and at each change: which epoch it delivers, its failed links, what it has sent, the seal
/// once there is one, and what has gone over its links. <paramref name="Problem"/>: why it can't read what it should
/// send, so that no link is to blame; null: it can. <paramref name="IsDamaged"/>: because that is no copy any more.
/// </summary>
public sealed record DeliveryReport(RunId Run, Epoch Epoch, IReadOnlyList<FailedLink> FailedLinks, TreeTotals Sent,
    SealedTree? Seal,
    IReadOnlyList<LinkFlow>? Flows = null, Reason? Problem = null, bool IsDamaged = false) : IRunMessage;

/// <summary>How far a destination is with a run.</summary>
public enum ReplicaPhase
{
    /// <summary>Ready for the epoch's link, or receiving.</summary>
    Receiving,
    /// <summary>Reading again what it had staged before it was started anew.</summary>
    Resuming,
    /// <summary>It has all of the tree and is making it durable, or waits to hear what the origin sealed; it takes no
    /// link any more.</summary>
    Publishing,
    /// <summary>Stored durably and published.</summary>
    Stored,
    /// <summary>It failed for a reason of its own, or can't take part.</summary>
    Failed,
}

/// <summary>
/// Destination to run, each second and at each change, until a final phase is answered by <see cref="ReplicaHeard"/>.
/// <paramref name="Digest"/> is the sealed manifest's, there when <paramref name="Phase"/> is
/// <see cref="ReplicaPhase.Stored"/>, and <paramref name="Shortfall"/> says then what could not be held;
/// <paramref name="FailedLinks"/> are its own links to children of the plan. <paramref name="Verified"/> are the bytes
/// that it has read again while it resumed: they grow, or it hangs. <paramref name="Flows"/> is what has gone over its
/// links to children. <paramref name="LostLink"/> is why the link from its parent ended early in this epoch, while it
/// has no other. <paramref name="Received"/> are the content bytes that links have brought it in this run;
/// <paramref name="Done"/> are those of the tree that are in its staging, null where it does not say.
/// <paramref name="Activity"/> grows while its disk works at making the replica durable; null: it does not tell, and is
/// not judged by it. <paramref name="Intake"/>, with <see cref="ReplicaPhase.Stored"/>, says where its files came from;
/// null where the destination does not say. <paramref name="LacksNames"/> goes beside the shortfall, which has no
/// <see cref="ReplicaLimits.Names"/> here: older coordinators would refuse the word. They count what is missing all the
/// same.
/// </summary>
public sealed record ReplicaReport(
    RunId Run, Epoch Epoch, NodeName Destination, ReplicaPhase Phase, Sha256Digest? Digest, Reason Reason,
        IReadOnlyList<FailedLink> FailedLinks,
    ReplicaShortfall Shortfall = default, long Verified = 0, Reason? LostLink = null, IReadOnlyList<LinkFlow>? Flows =
        null, long Received = 0,
    ReplicaIntake? Intake = null, long? Done = null, long? Activity = null, bool LacksNames = false) : IRunMessage
{
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
/// One destination as the run sees it; <paramref name="Done"/> is how far it is, in content bytes of the tree, and
/// <paramref name="Copy"/> the same with its pace; null: an older coordinator does not say.
/// <paramref name="Identity"/>: who it is, also under another name; null where that is not known.
/// <paramref name="LacksNames"/>: its replica lacks entries because of their names, and it does not say here which.
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
/// Run to destination: the run is over; what is unfinished of it is for the next one to take up.
/// <paramref name="Keep"/> is there after a protected and complete run that counts this destination's replica, and
/// whose origin wants no more snapshots than that. <paramref name="MayShrink"/>: its owner has said that a smaller tree
/// may take the place of a larger one.
/// </summary>
public sealed record RunOver(RunId Run, int? Keep, bool MayShrink = false) : IRunMessage;
