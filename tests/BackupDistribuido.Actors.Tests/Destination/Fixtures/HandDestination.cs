using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Links.InProcess;

namespace BackupDistribuido.Actors.Tests.Destination.Fixtures;

/// <summary>A destination with a real ROOT and a real data port, and a writer for one run. The test is its
/// coordinator.</summary>
internal sealed class HandDestination : IDisposable
{
    private readonly TestKitBase _kit;
    private readonly TestProbe _coordinator;
    private readonly LinkListener _listener;
    private readonly IProcessListener? _within;
    private readonly ManualResetEventSlim _disk = new(true);
    private readonly List<string> _stored = [];
    private readonly System.Collections.Concurrent.ConcurrentQueue<HeldSnapshot> _held = [];
    private TaskCompletionSource _hanging = new();
    private int _hangAt = int.MaxValue;

    public HandDestination(TestKitBase kit, string name, string folder, LinkDeadlines deadlines,
        ProcessLinks? within = null)
    {
        _kit = kit;
        Name = NodeName.Parse(name);
        _coordinator = kit.CreateTestProbe();
        var expected = new ExpectedLinks(Name);
        _listener = LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"),
            new LinkReception(expected.Admit, expected.Accepted, _ => { }), null, CancellationToken.None).GetAwaiter()
                .GetResult();
        _within = within?.Listen(expected.Admit, expected.Accepted);
        var root = DestinationRoot.Open(folder, new RootOptions());
        Work = new DestinationWork(Name, root, expected, null, deadlines, OnEvent,
            _held.Enqueue)
        {
            Damage = new DamageReports(root, new HeldSnapshots(root), OnEvent, TimeProvider.System),
            Links = within ?? (ILinks)new SocketLinks(null),
        };
    }

    public NodeName Name { get; }

    public DestinationWork Work { get; }

    /// <summary>The run's writer, once a plan was given; it lives through all epochs.</summary>
    public IActorRef? Writer { get; private set; }

    /// <summary>Every file that was verified in staging, as often as it was.</summary>
    public IReadOnlyList<string> StoredFiles
    {
        get
        {
            lock (_stored) return [.. _stored];
        }
    }

    /// <summary>What else its owner was told.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<NodeEvent> Said { get; } = [];

    /// <summary>What it has published.</summary>
    public IEnumerable<HeldSnapshot> Held => _held;

    /// <summary>All that the writer has reported and a test has waited for or passed.</summary>
    public List<ReplicaReport> Reports { get; } = [];

    /// <summary>This destination in a plan.</summary>
    public PlanNode Node(params PlanNode[] children) => new(Name, _within?.Address ?? _listener.Address, children);

    /// <summary>The disk's thread stops after so many more files, until <see cref="Thaw"/>; the task completes when it
    /// does.</summary>
    public Task HangAfter(int files)
    {
        lock (_stored) _hangAt = _stored.Count + files;
        _hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.Reset();
        return _hanging.Task;
    }

    public void Thaw()
    {
        lock (_stored) _hangAt = int.MaxValue;
        _disk.Set();
    }

    /// <summary>Tells it a plan.</summary>
    public void Prepare(DeliveryPlan plan)
    {
        var prepare = new PrepareReplica(plan, HandRun.OriginIdentity);
        if (Writer is null)
        {
            ICanTell coordinator = _coordinator;
            Writer = _kit.Sys.ActorOf(Props.Create(() => new ReplicaWriterActor(Work, prepare, coordinator)));
        }
        else Writer.Tell(prepare);
    }

    /// <summary>Waits for a report.</summary>
    public ReplicaReport Report(Func<ReplicaReport, bool> isIt)
    {
        // It reports each second whatever becomes of it.
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            if (_coordinator.ReceiveOne(HandRun.Bound) is not { } message
                || System.Diagnostics.Stopwatch.GetElapsedTime(began) > 3 * HandRun.Bound) throw new TimeoutException(
                $"{Name} did not report what was waited for; it said:\n{string.Join('\n', Reports)}");
            if (message is not ReplicaReport report) continue;
            Reports.Add(report);
            if (isIt(report)) return report;
        }
    }

    /// <summary>Waits until the replica is stored.</summary>
    public ReplicaReport Stored() => Report(report => report.Phase == ReplicaPhase.Stored);

    /// <summary>Its process dies: nothing of it is left but what is on the disk.</summary>
    public void Kill()
    {
        if (Writer is null) return;
        _coordinator.Watch(Writer);
        _kit.Sys.Stop(Writer);
        Thaw();
        _coordinator.FishForMessage<Terminated>(_ => true, HandRun.Bound);
        Writer = null;
    }

    public string Published =>
        Path.Combine(Work.Root.RealPath, HandLink.Origin.ToString(), "snapshots", HandLink.Id.ToString());

    public string Staged =>
        Path.Combine(Work.Root.RealPath, HandLink.Origin.ToString(), "staging", HandLink.Id.ToString());

    private void OnEvent(NodeEvent said)
    {
        if (said is not FileStored file)
        {
            Said.Enqueue(said);
            return;
        }
        bool hangs;
        lock (_stored)
        {
            _stored.Add(file.Path.ToString());
            hangs = _stored.Count >= _hangAt;
        }
        if (!hangs) return;
        _hanging.TrySetResult();
        _disk.Wait();
    }

    public void Dispose()
    {
        Thaw();
        Kill();
        _within?.Dispose();
        _listener.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Work.ClosedAsync().GetAwaiter().GetResult();
        Work.Root.Dispose();
    }
}
