using Akka.Actor;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>A registered node: what it says of itself, where it is reached, since when, and by when, counted from the
/// coordinator's start, it must be heard again.</summary>
internal sealed record LiveNode<TRegistration>(TRegistration Registration, NodeIdentity Node, IActorRef Ref,
    DateTimeOffset Since, TimeSpan Deadline);
