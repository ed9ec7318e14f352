using Akka.Actor;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>A run, its state, and what its origin said, or is known to want, when it began.</summary>
internal abstract record KnownRun(IActorRef Ref, RunStatus Status, OriginRegistration Begun, bool IsOver = false)
{
    /// <summary>A run of an origin, which has a part in it.</summary>
    internal sealed record OfOrigin(IActorRef Ref, RunStatus Status, OriginRegistration Begun)
        : KnownRun(Ref, Status, Begun);

    /// <summary>A run in which destinations bring a snapshot to others, without the origin.</summary>
    internal sealed record CatchUp(IActorRef Ref, RunStatus Status, OriginRegistration Begun)
        : KnownRun(Ref, Status, Begun);
}
