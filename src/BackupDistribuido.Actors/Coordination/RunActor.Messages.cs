using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <content>What the coordinator and its runs tell each other, and a run itself.</content>
internal sealed partial class RunActor
{
    /// <summary>Coordinator to run: a destination is there that could take part; <paramref name="Speed"/> is what the
    /// link to it has carried before, in bytes a second.</summary>
    internal sealed record MemberJoined(DestinationRegistration Registration, IActorRef Ref, long? Speed = null);

    /// <summary>Coordinator to run: a destination is gone.</summary>
    internal sealed record MemberLost(NodeName Name, string Reason);

    /// <summary>Coordinator to run: the origin registered as being in this run.</summary>
    internal sealed record OriginBack(OriginRegistration Registration, IActorRef Ref);

    /// <summary>Coordinator to run: the origin is not heard any more; it may come back.</summary>
    internal sealed record OriginAway;

    /// <summary>Coordinator to run: the origin has left, or a new life of it knows nothing of the run: it will not come
    /// back.</summary>
    internal sealed record OriginGone(string Reason);

    /// <summary>Coordinator to a run whose content comes from a destination: the origin begins a run of its own, which
    /// goes first.</summary>
    internal sealed record Preempted;

    /// <summary>Run to coordinator: a destination holds the snapshot, whatever it said of itself up to a second
    /// ago.</summary>
    internal sealed record MemberStored(NodeName Name, HeldSnapshot Held);

    /// <summary>Run to coordinator: a destination has given the snapshot up, for a reason of its own.</summary>
    internal sealed record MemberFailed(NodeName Name, SnapshotId Snapshot);

    /// <summary>Catch-up to coordinator: a destination did not get ready, or reads no further what it had staged: it is
    /// busy, or its disk hangs.</summary>
    internal sealed record MemberLate(NodeName Name);

    /// <summary>Run to coordinator: how it stands, and once it is over how it ended.</summary>
    internal sealed record RunStatusChanged(RunStatus Status, RunSummary? End)
    {
        public bool IsOver => End is not null;
    }

    private sealed record Replan;

    private sealed record BeatTick;

    private sealed record RejoinWaitOver;

    private sealed record EndForgotten;
}
