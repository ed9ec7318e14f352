using Akka.Actor;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Actors.Destination;

/// <summary>
/// A destination in one incarnation: has a <see cref="ReplicaWriterActor"/> for each run. Of one origin only one run is
/// written at a time.
/// </summary>
internal sealed class DestinationActor : NodeActor
{
    /// <summary>Most snapshots that are delivered to others at once; more wait.</summary>
    private const int MostHolders = 8;

    /// <summary>Most snapshots whose manifests are open for people to look at.</summary>
    private const int MostShown = 4;

    private readonly DestinationWork _work;
    private readonly NodeAddress _data;
    private readonly HeldSnapshots _held;
    private readonly NodeAddress _coordinator;
    private Reason? _warning;
    private readonly Dictionary<RunId, (IActorRef Writer, NodeName Origin, SnapshotId Snapshot, Epoch Epoch)> _writers =
        [];
    private readonly Dictionary<RunId, IActorRef> _holders = [];

    /// <summary>An incarnation, whose coordinator is the actor of that path.</summary>
    /// <param name="dialled">The coordinator's address as it was dialled, for display.</param>
    /// <param name="refused">Told when the coordinator does not take this node under its name.</param>
    public DestinationActor(
        DestinationWork work, NodeIdentity node, NodeAddress data, HeldSnapshots held, string coordinator,
            NodeAddress dialled, Action<NodeException> refused)
        : base(NodeRole.Destination, node, coordinator, dialled, work.Clock, work.Report, refused)
    {
        (_work, _data, _held, _coordinator) = (work, data, held, dialled);
        Receive<DestinationRegistered>(OnRegistered);
        Receive<PrepareReplica>(OnPrepare);
        Receive<Deliver>(OnDeliver);
        Receive<AskSnapshotFiles>(Show);
        Receive<AskCatalogue>(ask => Sender.Tell(new CatalogueAnswer(Node, _held.Catalogue.After(ask.After))));
        Receive<IRunMessage>(message =>
        {
            if (_writers.TryGetValue(message.Run, out var known)) known.Writer.Forward(message);
            if (_holders.TryGetValue(message.Run, out var holder)) holder.Forward(message);
        });
        Receive<WriterEnded>(ended => _writers.Remove(ended.Run));
        Receive<HolderEnded>(ended => _holders.Remove(ended.Run));
    }

    protected override object Registration()
    {
        var root = _work.Root;
        var highest = _writers.Values.Select(writer => writer.Epoch.Number).DefaultIfEmpty(0).Max();
        return new RegisterDestination(new DestinationRegistration(
            Node, _data, root.FreeBytes, Machine.Disk(root.DeviceId), Machine.Place(root.RealPath),
            _held.Announced(RegistrationRules.MaxHeld), new Epoch(highest))
        {
            FreeInodes = root.FreeInodes,
            Leftovers = _work.AbandonedStaging.Known(RegistrationRules.MaxHeld),
            Limit = _work.Limit,
            MaxFileBytes = root.Abilities.MaxFileBytes,
            Lacks = root.Abilities.Lacks,
            Edition = Editions.Newest,
            Older = _held.Older(),
            Rooms = _work.Rooms.Known,
            Catalogue = _held.Catalogue.Version,
            Links = LinkProfile.Newest,
        });
    }

    private void OnRegistered(DestinationRegistered answer)
    {
        Answered();
        foreach (var writer in _writers.Values) writer.Writer.Tell(ReplicaWriterActor.CoordinatorAnswered.Instance);
        if (answer.Warning == _warning) return;
        _warning = answer.Warning;
        if (_warning is not null) _work.Report(new Warned(MemberReason.NotCounting(_warning)));
    }

    private void OnPrepare(PrepareReplica told)
    {
        var prepare = told with { Plan = told.Plan.SeenFrom(_coordinator) };
        var plan = prepare.Plan;
        if (_writers.TryGetValue(plan.Run, out var known))
        {
            if (!(plan.Epoch < known.Epoch)) Follow(plan, known.Writer);
            known.Writer.Forward(prepare);
            return;
        }
        // The origin has begun another run: the old one is over, even if its end was not reported. The next second's
        // PrepareReplica finds the place free.
        var older = _writers.Where(writer => writer.Value.Origin == plan.Origin).ToList();
        foreach (var (run, writer) in older) writer.Writer.Tell(new RunOver(run, null));
        if (older.Count > 0) return;
        // The coordinator hands its reports to the run: it may be another one by then.
        var actor =
            Context.ActorOf(Props.Create(() => new ReplicaWriterActor(_work, prepare, Coordinator)), $"run-{plan.Run}");
        Context.WatchWith(actor, new WriterEnded(plan.Run));
        Follow(plan, actor);
    }

    private void Follow(DeliveryPlan plan, IActorRef writer) =>
        _writers[plan.Run] = (writer, plan.Origin, plan.Snapshot, plan.Epoch);

    /// <summary>Others are to be brought to a snapshot that is here.</summary>
    private void OnDeliver(Deliver told)
    {
        var deliver = told with { Plan = told.Plan.SeenFrom(_coordinator) };
        var plan = deliver.Plan;
        if (plan.Root.Name != _work.Name || (!_holders.ContainsKey(plan.Run) && _holders.Count >= MostHolders)) return;
        if (!_holders.TryGetValue(plan.Run, out var holder))
        {
            holder = _holders[plan.Run] =
                Context.ActorOf(Props.Create(() => new HolderActor(_work, plan, Coordinator)), $"holder-{plan.Run}");
            Context.WatchWith(holder, new HolderEnded(plan.Run));
        }
        holder.Forward(deliver);
    }

    /// <summary>Users look at the files of a snapshot.</summary>
    private void Show(AskSnapshotFiles ask)
    {
        var name = $"files-{ask.Origin}-{ask.Snapshot}";
        var shown = Context.Child(name);
        if (shown.IsNobody()
            && Context.GetChildren()
            .Count(child => child.Path.Name.StartsWith("files-", StringComparison.Ordinal)) >= MostShown)
            Sender.Tell(new FilesAnswer(FilePage.Without(FilesReason.Busy)));
        else (shown.IsNobody()
            ? Context.ActorOf(Props.Create(() => new SnapshotFilesActor(_work, ask.Origin, ask.Snapshot)), name)
            : shown).Forward(ask);
    }

    private sealed record WriterEnded(RunId Run);

    private sealed record HolderEnded(RunId Run);
}
