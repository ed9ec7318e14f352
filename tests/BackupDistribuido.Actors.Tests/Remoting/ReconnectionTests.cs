using System.Collections.Concurrent;
using Akka.Actor;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Tests.Remoting;

public sealed class ReconnectionTests
{
    [Fact]
    public async Task AfterACutTheCoordinatorReachesTheNodeThatNobodyCanDial()
    {
        await using var cluster = TestCluster.Of();
        await using var wire = new Wire(cluster.Endpoint);
        cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");
        var node = cluster.Start("node",
            ControlEndpoint.ForNode(NodeAddress.Of(System.Net.IPAddress.Loopback, wire.Port), null));
        var lost = Count<CarrierLost>(cluster.Coordinator);

        for (var cut = 0; cut < 3; cut++)
        {
            Assert.Equal($"coordinator: {cut}", await ControlTransportTests.AskAsync(node, $"{cut}"));
            wire.Cut();
            await Until.TrueAsync(() => lost.Count == cut + 1);
        }
        Assert.Equal("coordinator: still there", await ControlTransportTests.AskAsync(node, "still there"));
    }

    [Fact]
    public async Task AWatchedActorThatStopsIsToldOfAlsoAfterACut()
    {
        await using var cluster = TestCluster.Of();
        await using var wire = new Wire(cluster.Endpoint);
        var told = new ConcurrentQueue<object>();
        cluster.Coordinator.ActorOf(Props.Create(() => new WatchingActor(told)), "coordinator");
        var node = cluster.Start("node",
            ControlEndpoint.ForNode(NodeAddress.Of(System.Net.IPAddress.Loopback, wire.Port), null));
        var lost = Count<CarrierLost>(cluster.Coordinator);
        var member = node.ActorOf(Props.Create(() => new MemberActor()), "member");
        await Until.TrueAsync(() => told.Any(m => m is Ping));

        wire.Cut();
        await Until.TrueAsync(() => !lost.IsEmpty);
        node.Stop(member);

        await Until.TrueAsync(() => told.Any(m => m is Terminated));
    }

    [Fact]
    public async Task ACoordinatorThatStartsAnewIsFoundAgain()
    {
        await using var cluster = TestCluster.Of();
        cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");
        var node = cluster.Node();
        await ControlTransportTests.AskAsync(node, "before");

        await cluster.Coordinator.Terminate();
        await using var again = TestCluster.Of(at: cluster.Endpoint);
        again.Coordinator.ActorOf(EchoActor.Props(), "coordinator");

        Assert.Equal("coordinator: after", await ControlTransportTests.AskAsync(node, "after"));
    }

    [Fact]
    public async Task ASilentNodeIsLostAndComesBack()
    {
        var clock = new HandClock();
        await using var cluster = TestCluster.Of(clock: clock);
        await using var wire = new Wire(cluster.Endpoint);
        cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");
        var node = cluster.Start("node",
            ControlEndpoint.ForNode(NodeAddress.Of(System.Net.IPAddress.Loopback, wire.Port), null, clock));
        var lost = Count<CarrierLost>(cluster.Coordinator);
        await ControlTransportTests.AskAsync(node, "before");

        wire.Hold();
        await Until.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return !lost.IsEmpty;
        });
        wire.LetGo();

        Assert.Contains("silent", lost.First().Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal("coordinator: after", await ControlTransportTests.AskAsync(node, "after"));
    }

    internal static ConcurrentQueue<T> Count<T>(ActorSystem system)
    {
        var seen = new ConcurrentQueue<T>();
        system.EventStream.Subscribe(system.ActorOf(EchoActor.Props(m => seen.Enqueue((T)m))), typeof(T));
        return seen;
    }

    private sealed class WatchingActor : UntypedActor
    {
        private readonly ConcurrentQueue<object> _told;

        public WatchingActor(ConcurrentQueue<object> told) => _told = told;

        protected override void OnReceive(object message)
        {
            if (message is Ping) Context.Watch(Sender);
            _told.Enqueue(message);
        }
    }

    private sealed class MemberActor : ReceiveActor, IWithTimers
    {
        public MemberActor() =>
            Receive<string>(_ => Context.ActorSelection(ControlAddress.CoordinatorActor)
                .Tell(new Ping("register"), Self));

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() =>
            Timers.StartPeriodicTimer("register", "register", TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }
}
