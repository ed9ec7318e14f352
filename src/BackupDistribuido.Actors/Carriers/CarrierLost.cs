using Akka.Actor;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// Published on the EventStream when the carrier to <paramref name="Peer"/> ended: at once when its process dies,
/// within <see cref="Carrier.Silence"/> when it freezes or is cut off. Its actors may live on and dial again, so it is
/// a reason to ask, not a death.
/// </summary>
public sealed record CarrierLost(Address Peer, Reason Reason);
