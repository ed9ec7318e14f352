using Akka.Actor;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// Collects destinations' catalogues for a coordinator: each registration has the number of its last change, and the
/// destination is asked for the changes if that number is new. For the coordinator's thread.
/// </summary>
internal sealed class CatalogueCollector(TimeProvider clock)
{
    /// <summary>A destination that does not answer is asked again after that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly KnownCatalogues _known = new();
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);

    /// <summary>Destinations that are not connected when the coordinator starts.</summary>
    public void Begin(IEnumerable<AbsentDestination> absent)
    {
        foreach (var one in absent) _known.Remember(one);
    }

    /// <summary>A destination registered.</summary>
    public void Heard(LiveNode<DestinationRegistration> live, IActorRef self)
    {
        var identity = live.Node.Identity;
        if (_known.Heard(live.Registration) || live.Registration.Catalogue is null) return;
        if (_asked.TryGetValue(identity, out var since) && clock.GetElapsedTime(since) < Patience) return;
        Ask(live, self);
    }

    /// <summary>A part of its catalogue came.</summary>
    public void Take(LiveNode<DestinationRegistration> live, CataloguePage page, IActorRef self)
    {
        if (!_asked.Remove(live.Node.Identity)) return;
        if (_known.Take(live.Node.Identity, page)) Ask(live, self);
    }

    /// <summary>A destination went.</summary>
    public void Left(NodeIdentity node)
    {
        _asked.Remove(node.Identity);
        _known.Left(node.Identity, clock.GetUtcNow());
    }

    /// <summary>The disk of a destination was replaced by another one.</summary>
    public void Replaced(string identity) => _known.Forget(identity);

    /// <summary>A part of the list of all snapshots.</summary>
    public SnapshotsAnswer List(AskSnapshots ask, Func<NodeName, int?> required)
    {
        var most = Math.Clamp(ask.Most, 1, AskSnapshots.MostAnswered);
        var (snapshots, listing) = SnapshotListing.Of(_known, ask.Origin, ask.After, most, required);
        return new SnapshotsAnswer(snapshots, null, listing);
    }

    private void Ask(LiveNode<DestinationRegistration> live, IActorRef self)
    {
        _asked[live.Node.Identity] = clock.GetTimestamp();
        live.Ref.Tell(new AskCatalogue(_known.UpTo(live.Node.Identity)), self);
    }
}
