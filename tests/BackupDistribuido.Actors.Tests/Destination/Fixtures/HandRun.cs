using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Links.InProcess;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Actors.Tests.Destination.Fixtures;

/// <summary>A run over real folders and sockets: an origin's delivery and the writers of some destinations. The test is
/// the coordinator and makes the plans.</summary>
internal sealed class HandRun : IDisposable
{
    public const string OriginIdentity = "machine:/source";
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly TestKitBase _kit;
    private readonly ProcessLinks? _within;
    private readonly TemporaryFolder _folder = new();
    private readonly TestProbe _origin;
    private readonly LiveTree _tree;
    private readonly List<HandDestination> _destinations = [];
    private readonly RunId _run = RunId.New();
    private IActorRef? _delivery;
    private Epoch _epoch = Epoch.None;

    /// <param name="within">Where all nodes are of one process; null: they have sockets.</param>
    public HandRun(TestKitBase kit, Action<string> fill, Func<TreeContents, Reason?>? whyStopped = null,
        ProcessLinks? within = null)
    {
        (_kit, _within) = (kit, within);
        _origin = kit.CreateTestProbe();
        // As a run does: what the origin sealed is told at once.
        _origin.SetAutoPilot(new DelegateAutoPilot((_, message) =>
        {
            if (message is DeliveryReport { Seal: { } seal } && TellsSeal) Sealed(SealedAs ?? seal.Digest);
            return AutoPilot.KeepRunning;
        }));
        fill(_folder.MakeDirectory("source"));
        _tree = new LiveTree(SourceTree.Open(Source), TreeObserver.To(_ => { }),
            whyStopped is null ? null : new SealRule(whyStopped, _ => false));
    }

    /// <summary>What every ActorSystem of such a run needs.</summary>
    public static Config Config { get; } = new NodeEnvironment(null, false, _ => { },
        ConfigurationFactory.ParseString(
            "akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.log-dead-letters = off"), []).AkkaConfig;

    public RunId Run => _run;

    /// <summary>Whether destinations hear what was sealed.</summary>
    public bool TellsSeal { get; set; } = true;

    /// <summary>What they hear instead; null: the truth.</summary>
    public Sha256Digest? SealedAs { get; set; }

    /// <summary>Says what was sealed.</summary>
    public void Sealed(Sha256Digest digest)
    {
        foreach (var destination in _destinations) destination.Writer?.Tell(new TreeSealed(_run, digest));
    }

    public LiveTree Tree => _tree;

    public string Source => _folder["source"];

    /// <summary>The tree's files.</summary>
    public IEnumerable<string> Files => new DirectoryInfo(Source).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.LinkTarget is null).Select(file => Path.GetRelativePath(Source, file.FullName));

    public HandDestination Destination(string name, LinkDeadlines? deadlines = null)
    {
        var destination = new HandDestination(_kit, name, _folder[$"root-{name}"],
            deadlines ?? new LinkDeadlines(), _within);
        _destinations.Add(destination);
        return destination;
    }

    /// <summary>What all its nodes speak on links.</summary>
    public LinkProfile Speaks { get; init; } = LinkProfile.Newest;

    /// <summary>The next epoch's plan, which nobody knows yet.</summary>
    public DeliveryPlan NextPlan(params PlanNode[] children)
    {
        _epoch = _epoch.Next();
        return new DeliveryPlan(_run, HandLink.Origin, HandLink.Id, _epoch, LinkSecret.New(),
            new PlanNode(HandLink.Origin, null, children).Speaking(Speaks, _ => Speaks));
    }

    /// <summary>Opens an epoch as a run does: everyone in the plan is prepared, then the origin delivers.</summary>
    public DeliveryPlan Open(params PlanNode[] children)
    {
        var plan = NextPlan(children);
        Prepare(plan);
        Deliver(plan);
        return plan;
    }

    public void Prepare(DeliveryPlan plan)
    {
        var members = _destinations.Where(destination => plan.Receiver(destination.Name) is not null).ToList();
        foreach (var member in members) member.Prepare(plan);
        foreach (var member in members)
            member.Report(report => report.Epoch == plan.Epoch && report.Phase == ReplicaPhase.Receiving);
    }

    public void Deliver(DeliveryPlan plan)
    {
        var (tree, name) = (_tree, HandLink.Origin);
        ILinks links = _within ?? (ILinks)new SocketLinks(null);
        _delivery ??= _origin.ChildActorOf(Props.Create(() => new DeliveryActor(name, tree, plan, links, null, null)));
        _delivery.Tell(new Deliver(plan), _origin);
    }

    /// <summary>Waits for a report of the origin.</summary>
    public DeliveryReport OriginReport(Func<DeliveryReport, bool> isIt) =>
        _origin.FishForMessage<DeliveryReport>(one => isIt(one), Bound);

    /// <summary>The origin's process dies.</summary>
    public void KillOrigin()
    {
        if (_delivery is null) return;
        _origin.Watch(_delivery);
        _kit.Sys.Stop(_delivery);
        _origin.FishForMessage<Terminated>(_ => true, Bound);
        _delivery = null;
    }

    /// <summary>The published copy is the source, by itself and by its own checksums, and its seal the
    /// origin's.</summary>
    public void IsFaithful(HandDestination destination)
    {
        var sealedWith = OriginReport(report => report.Seal is not null).Seal!.Digest;
        Assert.Equal(sealedWith, destination.Reports.Last(report => report.Phase == ReplicaPhase.Stored).Digest);
        _folder.Do($"diff -r --no-dereference '{Source}' '{destination.Published}'");
        _folder.Do($"cd '{destination.Published}' && sha256sum --quiet -c ../../manifests/{HandLink.Id}.sha256");
        Assert.Equal($"{sealedWith}  -\n",
            _folder.Do($"sed '1,3d;$d' '{destination.Published}/../../manifests/{HandLink.Id}.manifest' | sha256sum"));
    }

    public void Dispose()
    {
        foreach (var destination in _destinations) destination.Thaw();
        KillOrigin();
        foreach (var destination in _destinations) destination.Dispose();
        _tree.Dispose();
        _folder.Dispose();
    }
}
