using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// The nodes that are connected. A node registers each second; one that is not heard for
/// <see cref="CoordinatorActor.Lease"/>, or whose connection broke and which does not register again within
/// <see cref="CoordinatorActor.Suspicion"/>, is silent. Part of the coordinator's actor, for its thread.
/// </summary>
internal sealed class MemberRegistry(
    CoordinatorServices services, CatalogueCollector catalogues, IActorContext context)
{
    private readonly ControlPeers _peers = ControlPeers.Of(context.System);

    public Roster<LiveNode<DestinationRegistration>> Destinations { get; } = new();

    public Roster<LiveNode<OriginRegistration>> Origins { get; } = new();

    /// <summary>What all connected destinations say of themselves.</summary>
    public IEnumerable<DestinationRegistration> Registrations => Destinations.Entries.Select(live => live.Registration);

    /// <summary>Which destination holds what, connected or not.</summary>
    public IEnumerable<SnapshotHolding> Holdings => NewestHeld.All(Registrations, services.Remembered.Absent);

    /// <summary>Identities of the connected destinations.</summary>
    public HashSet<string> Connected() => [.. Destinations.Entries.Select(live => live.Node.Identity)];

    /// <summary>Those of these destinations that are connected, in the order in which they came.</summary>
    public IReadOnlyList<LiveNode<DestinationRegistration>> Live(IEnumerable<NodeName> names) =>
        [.. names.Select(name => Destinations.TryGet(name, out var live) ? live : null)
            .OfType<LiveNode<DestinationRegistration>>().OrderBy(live => live.Since)];

    /// <summary>The newest snapshot of an origin that a connected destination has.</summary>
    public HeldSnapshot? NewestOf(NodeName origin) => ShrinkGuard.Newest(origin, Registrations, services.Order);

    /// <summary>
    /// The newest known snapshot of an origin at any destination, connected or not; null if there is none.
    /// </summary>
    public SnapshotId? NewestKnown(NodeName origin)
    {
        var held = Holdings.Where(one => one.Held.Origin == origin).Select(one => one.Held.Snapshot);
        var remembered = services.Remembered;
        SnapshotId?[] known = [remembered.Highest(origin), remembered.Origin(origin)?.Protected];
        return services.Order.Newest(held.Concat(known.OfType<SnapshotId>()));
    }

    /// <summary>
    /// Whether a registration has impossible claims, or claims that its sender may not make; the sender is told so.
    /// </summary>
    public bool IsRefused(NodeRole role, NodeIdentity node, Reason? why)
    {
        why ??= _peers.PeerOf(context.Sender).WhyNot(role, node);
        if (why is null) return false;
        Refuse(role, node, role == NodeRole.Origin
            ? RegistrationReason.OriginRefused(node.Name, why) : RegistrationReason.DestinationRefused(node.Name, why));
        return true;
    }

    /// <summary>A node has registered; its sender is told if it is refused.</summary>
    public (LiveNode<T> Live, RosterChange Change) Admit<T>(
        Roster<LiveNode<T>> roster, NodeRole role, NodeIdentity node, T registration)
    {
        roster.TryGet(node.Name, out var known);
        var since = known?.Node == node ? known.Since : services.Time;
        var deadline = services.Uptime + CoordinatorActor.Lease;
        var live = new LiveNode<T>(registration, node, context.Sender, since, deadline);
        var change = roster.Register(node, live);
        if (change == RosterChange.Refused) RefuseName(role, node, known!.Node);
        else Follow(role, live, known);
        if (change is RosterChange.Joined or RosterChange.Replaced) Announce(change, role, node);
        return (live, change);
    }

    /// <summary>
    /// Forgets a node whose actor <paramref name="ended"/>, unless it has another one by now; null: the node itself
    /// says that it leaves, and no node can leave for another. False if nothing changes.
    /// </summary>
    public bool Remove<T>(
        Roster<LiveNode<T>> roster, NodeRole role, NodeIdentity node, IActorRef? ended, Reason reason)
    {
        if (!roster.TryGet(node.Name, out var live)) return false;
        if (!(ended?.Equals(live.Ref) ?? ControlPeers.AreOfOne(live.Ref, context.Sender))) return false;
        if (!roster.Remove(node)) return false;
        context.Unwatch(live.Ref);
        if (live.Registration is DestinationRegistration gone) RememberAbsent(gone, reason);
        var count = Destinations.Count;
        services.Log.Info("Left: {0} {1}, {2}; destinations connected: {3}", Word(role), node.Name, reason, count);
        services.Report(new NodeLeft(role, node.Name, reason, count, TookLeave: ended is null));
        return true;
    }

    /// <summary>A connection from there broke: a live node registers again soon.</summary>
    public void Suspect(Address address)
    {
        var deadline = services.Uptime + CoordinatorActor.Suspicion;
        Shorten(Destinations);
        Shorten(Origins);

        void Shorten<T>(Roster<LiveNode<T>> roster)
        {
            var suspects = roster.Entries.Where(live => live.Ref.Path.Address == address && live.Deadline > deadline);
            foreach (var live in suspects.ToList()) roster.Register(live.Node, live with { Deadline = deadline });
        }
    }

    /// <summary>Those that have not been heard in time.</summary>
    public IReadOnlyList<NodeEnded> Silent()
    {
        var now = services.Uptime;
        return [.. Of(Destinations, NodeRole.Destination), .. Of(Origins, NodeRole.Origin)];

        IEnumerable<NodeEnded> Of<T>(Roster<LiveNode<T>> roster, NodeRole role) => roster.Entries
            .Where(live => live.Deadline < now).Select(live => new NodeEnded(role, live.Node, live.Ref));
    }

    /// <summary>Sends all origins the number of connected destinations.</summary>
    public void TellCounts()
    {
        foreach (var origin in Origins.Entries) TellCount(origin);
    }

    /// <summary>Sends an origin the number of connected destinations, and why others can't hold its tree.</summary>
    public void TellCount(LiveNode<OriginRegistration> origin)
    {
        var reasons = new List<Reason>();
        foreach (var destination in Registrations)
        {
            var why = StartCondition.WhyNotEligible(origin.Registration, destination);
            if (why is not null) reasons.Add(MemberReason.Unable(destination.Node.Name, why));
        }
        var count = Destinations.Count;
        origin.Ref.Tell(new OriginRegistered(origin.Node, count, count - reasons.Count, [.. reasons.Take(20)],
            NewestOf(origin.Node.Name)));
    }

    private void RefuseName(NodeRole role, NodeIdentity refused, NodeIdentity owner) =>
        Refuse(role, refused, (role, refused.Identity == owner.Identity) switch
        {
            (NodeRole.Origin, true) => RegistrationReason.OriginRunning(refused.Name),
            (NodeRole.Origin, false) => RegistrationReason.OriginNameTaken(refused.Name),
            (_, true) => RegistrationReason.DestinationRunning(refused.Name),
            (_, false) => RegistrationReason.DestinationNameTaken(refused.Name),
        });

    private void Refuse(NodeRole role, NodeIdentity refused, Reason reason)
    {
        services.Log.Warning("Refused {0} {1}: {2}", Word(role), refused.Name, reason);
        context.Sender.Tell(new RegistrationRefused(refused, reason));
    }

    private void Follow<T>(NodeRole role, LiveNode<T> now, LiveNode<T>? before)
    {
        if (now.Ref.Equals(before?.Ref) && now.Node == before?.Node) return;
        if (before is not null) context.Unwatch(before.Ref);
        context.WatchWith(now.Ref, new NodeEnded(role, now.Node, now.Ref));
    }

    private void Announce(RosterChange change, NodeRole role, NodeIdentity node)
    {
        services.Log.Info(change == RosterChange.Joined
            ? "Joined: {0} {1}; destinations connected: {2}"
            : "Started again: {0} {1}; destinations connected: {2}", Word(role), node.Name, Destinations.Count);
        services.Report(new NodeJoined(role, node.Name, Destinations.Count));
    }

    private void RememberAbsent(DestinationRegistration gone, Reason reason)
    {
        services.Remembered.Left(gone, services.Time, reason);
        catalogues.Left(gone.Node);
        services.Note(time => new DestinationsAlive(time, [gone.Node.Identity]));
    }

    private static string Word(NodeRole role) => role == NodeRole.Origin ? "origin" : "destination";

    /// <summary>A node's actor has ended, or is silent.</summary>
    internal sealed record NodeEnded(NodeRole Role, NodeIdentity Node, IActorRef Ref);
}
