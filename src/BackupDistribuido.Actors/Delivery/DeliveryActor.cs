using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Content;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>
/// Delivers one run: dials the children of each epoch's plan and serves them in passes over the tree. A child that is
/// connected when a pass begins takes part in it; a later one takes part in the next pass, and is sent what it lacks.
/// Children that take part since the same epoch stay together: when one of them gets a new link, the pass begins again
/// with all of them, from what they lack. A lost child ends only its own link.
/// </summary>
internal sealed class DeliveryActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>How long children that have answered wait for others that are being dialled.</summary>
    private static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(2);
    private static readonly BufferPool Buffers = new();

    private readonly ISnapshotSource _tree;
    private readonly ILinks _links;
    private readonly WireLimit? _limit;
    private readonly ChildConnections? _calls;
    private readonly LinkDeadlines _deadlines = new();
    private readonly NodeName _self;
    private ILoggingAdapter _log;
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly Dictionary<NodeName, Child> _children = [];
    private readonly List<FailedLink> _failed = [];
    private readonly HashSet<Epoch> _together = [];
    private readonly CancellationTokenSource _end = new();
    private DeliveryPlan _plan;
    private IPassControl? _pass;
    private SealedTree? _seal;
    private Reason? _broken;

    /// <summary>
    /// Delivers the run of <paramref name="plan"/>; this actor owns the tree from now on. Sending keeps to
    /// <paramref name="limit"/>; null: no limit. Children dial it through <paramref name="calls"/>; null: they can't.
    /// </summary>
    public DeliveryActor(NodeName self, ISnapshotSource tree, DeliveryPlan plan, ILinks links,
        WireLimit? limit = null, ChildConnections? calls = null)
    {
        (_self, _tree, _plan, _links, _limit, _calls) =
            (self, tree, plan with { Epoch = Epoch.None }, links, limit, calls);
        _log = Logger(_plan);
        Receive<Deliver>(OnDeliver);
        Receive<Dialed>(OnDialed);
        Receive<LinkOver>(OnLinkOver);
        Receive<PassOver>(OnPassOver);
        Receive<Sealed>(said =>
        {
            if (_seal is not null) return;
            _seal = said.Seal;
            Report();
        });
        Receive<BeatTick>(_ => Report());
        Receive<PatienceOver>(_ => BeginPass());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(BeatTick), BeatTick.Instance, Beat);

    private void OnDeliver(Deliver message)
    {
        if (message.Plan.Epoch > _plan.Epoch) Adopt(message.Plan);
        Report();
    }

    private void Adopt(DeliveryPlan plan)
    {
        _plan = plan;
        _log = Logger(plan);
        _failed.Clear();
        _calls?.Expect(plan);
        var wanted = plan.Root.Children.ToDictionary(child => child.Name);
        // A child that had everything and is in a plan again has lost it. One that is still dialled for an older plan
        // may know this one already, and then refuses the older epoch.
        foreach (var child in _children.Values.Where(child => child.IsDone || child.Branch is null
            || !wanted.TryGetValue(child.Name, out var node) || !node.IsLeftOf(child.Node)).ToList()) Drop(child);
        foreach (var node in plan.Root.Children.Where(node => !_children.ContainsKey(node.Name))) Dial(node);
    }

    private void Dial(PlanNode node)
    {
        var child = new Child(node, CancellationTokenSource.CreateLinkedTokenSource(_end.Token));
        _children[node.Name] = child;
        ChildLinks.MakeAsync(_plan, _self, node, _calls, _links, _deadlines.Greeting, child.Cut.Token,
            givesContent: true)
            .PipeTo(Self, success: link => new Dialed(child, link, null),
                failure: problem => new Dialed(child, null, problem));
        Timers.StartSingleTimer(nameof(PatienceOver), PatienceOver.Instance, DialPatience);
    }

    private static ILoggingAdapter Logger(DeliveryPlan plan) =>
        Context.GetLogger().WithContext("Run", plan.Run.ToString()).WithContext("Epoch", plan.Epoch.Number);

    private void Drop(Child child)
    {
        child.Cut.Cancel();
        if (!child.InPass) child.Branch?.Cut();
        _children.Remove(child.Name);
        _pass?.Left(child.Name);
    }

    private void OnDialed(Dialed dialed)
    {
        var isWanted = _children.TryGetValue(dialed.Child.Name, out var child) && child == dialed.Child;
        if (dialed.Link is not { } link)
        {
            if (isWanted) Fail(dialed.Child, dialed.Problem!);
        }
        else if (isWanted)
        {
            child!.Branch = new ChildBranch(child.Name, link, Buffers,
                child.Node.Deadlines(_deadlines, _limit, _plan.Root.Children.Count), _limit,
                new ContentAnswers(_tree, Buffers));
            if (_pass is not null && _together.Contains(child.Node.Since)) Restart();
        }
        else link.Cut();
        BeginPass();
    }

    /// <summary>
    /// Ends the pass under way and dials its children again; they will say what they lack. The returned child lacks
    /// little more than the others.
    /// </summary>
    private void Restart()
    {
        foreach (var child in _children.Values.Where(child => child is { InPass: true, IsDone: false }
            && _together.Contains(child.Node.Since)).ToList())
        {
            Drop(child);
            Dial(child.Node);
        }
    }

    /// <summary>
    /// A pass begins when none is under way and every child that is being dialled has answered or run out of time.
    /// </summary>
    private void BeginPass()
    {
        if (_pass is not null || _broken is not null) return;
        if (_children.Values.Any(child => child.Branch is null) && Timers.IsTimerActive(nameof(PatienceOver))) return;
        lock (_tree) _tree.SettleComplete();
        foreach (var child in _children.Values.Where(child => !child.InPass
            && child.Branch?.FirstPage > _tree.FinalPages).ToList())
        {
            var fault = new Core.Wire.ProtocolException(Core.Wire.ErrorCode.Order,
                $"it claims to have {child.Branch!.FirstPage} pages of {_tree.FinalPages}");
            child.Branch.Cut(new Core.Wire.ErrorFrame(fault.Code, fault.Reason));
            Fail(child, fault);
        }
        var waiting = _children.Values.Where(child => !child.InPass && child.Branch is not null).ToList();
        if (waiting.Count == 0) return;
        // The children of the previous pass are finished first: those that waited for its end may lack everything.
        if (waiting.Where(child => _together.Contains(child.Node.Since)).ToList() is { Count: > 0 } again)
            waiting = again;
        else _together.Clear();
        _together.UnionWith(waiting.Select(child => child.Node.Since));
        _log.Debug("A pass over the tree begins for {0} destinations from page {1}", waiting.Count,
            waiting.Min(child => child.Branch!.FirstPage));
        var fanOut = new ParcelFanOut((_, _) => { });
        var firstPages = waiting.ToDictionary(child => child.Name, child => child.Branch!.FirstPage);
        // The branches first: a fan-out drops content that no branch wants.
        var coming = new ComingPass();
        foreach (var child in waiting) BeginLink(child, fanOut, coming);
        var self = Self;
        var (pass,
            done) = Source.FromGraph(new TreeSourceStage(_tree, firstPages, Buffers, () => !fanOut.Branches.IsEmpty,
                sent => Volatile.Write(ref _sentBox, new SentBox(sent)), seal => self.Tell(new Sealed(seal)),
                _links.AreProven))
            .ToMaterialized(fanOut.Inlet, Keep.Both)
            // One thread reads, hashes and deals out: the branches' queues are what lies between the disk and the
            // sockets.
            .AddAttributes(ActorAttributes.CreateDispatcher(DiskDispatcher.Name))
            .Run(_materializer);
        coming.Begin(_pass = pass);
        done.PipeTo(self, success: _ => new PassOver(null), failure: problem => new PassOver(problem));
    }

    private SentBox _sentBox = new(default);

    private void BeginLink(Child child, ParcelFanOut fanOut, IPassControl pass)
    {
        child.InPass = true;
        child.Branch!
            .RunAsync(fanOut, (page, needs) => pass.Needs(child.Name, page, needs), _materializer, child.Cut.Token)
            .PipeTo(Self, success: () => new LinkOver(child, null), failure: problem => new LinkOver(child, problem));
    }

    private void OnLinkOver(LinkOver over)
    {
        if (!_children.TryGetValue(over.Child.Name, out var child) || child != over.Child) return;
        if (over.Problem is { } problem) Fail(child, problem);
        else
        {
            child.IsDone = true;
            _log.Debug("Link to {0} is done", child.Name);
        }
    }

    private void Fail(Child child, Exception problem)
    {
        _log.Warning("Link to {0} failed: {1}", child.Name, problem.Message);
        Drop(child);
        _failed.Add(FailedLinks.Of(child.Name, problem));
        Report();
    }

    private void OnPassOver(PassOver over)
    {
        _pass = null;
        if (over.Problem is null && _tree.Seal is { } seal) _seal = seal;
        if (over.Problem is { } problem)
        {
            _log.Error(problem, "Reading the tree failed");
            _broken = Reason.Of(problem);
            foreach (var child in _children.Values.ToList()) Fail(child, problem);
        }
        Report();
        BeginPass();
    }

    private void Report()
    {
        var progress = Volatile.Read(ref _sentBox).Progress;
        var links = _children.Values.Where(child => child is { InPass: true, IsDone: false })
            .Select(child => child.Branch?.Flow).OfType<LinkFlow>();
        Context.Parent.Tell(new DeliveryReport(_plan.Run, _plan.Epoch, [.. _failed], progress.Dealt, _seal,
            [new LinkFlow(_self, progress.Given, (long)progress.Reading.TotalMilliseconds), .. links], _broken));
    }

    protected override void PostStop()
    {
        _end.Cancel();
        _calls?.Forget(_plan.Run);
        _pass = null;
    }

    private sealed record SentBox(SourceProgress Progress);

    private sealed class Child(PlanNode node, CancellationTokenSource cut)
    {
        public NodeName Name => node.Name;

        /// <summary>It and those below it, as they were when its link was dialled.</summary>
        public PlanNode Node => node;

        public CancellationTokenSource Cut => cut;

        public ChildBranch? Branch { get; set; }

        public bool InPass { get; set; }

        public bool IsDone { get; set; }
    }

    private sealed record Dialed(Child Child, IChildLink? Link, Exception? Problem);

    private sealed record LinkOver(Child Child, Exception? Problem);

    private sealed record PassOver(Exception? Problem);

    private sealed record Sealed(SealedTree Seal);

    private sealed record PatienceOver
    {
        public static readonly PatienceOver Instance = new();
    }

    private sealed record BeatTick
    {
        public static readonly BeatTick Instance = new();
    }
}
