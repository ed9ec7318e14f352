using Akka.Actor;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// A registered node: its registration, its actor, since when it is connected, and by when, counted from the
/// coordinator's start, it must be heard again.
/// </summary>
internal sealed record LiveNode<TRegistration>(TRegistration Registration, NodeIdentity Node, IActorRef Ref,
    DateTimeOffset Since, TimeSpan Deadline);
