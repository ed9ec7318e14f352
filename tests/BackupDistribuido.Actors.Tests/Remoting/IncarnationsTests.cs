using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Remote;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Remoting;

namespace BackupDistribuido.Actors.Tests.Remoting;

public sealed class IncarnationsTests
{
    [Fact]
    public async Task ANodeThatTheCoordinatorQuarantinedComesBackAsANewIncarnation()
    {
        await using var cluster = TestCluster.Of();
        await using var host = Host.Of(cluster);
        await host.ReachesAsync("first");

        Quarantine(by: cluster.Coordinator, whom: host.Current);

        await host.IncarnationAsync(2);
        Assert.Equal("the coordinator gave this node up", Assert.Single(host.Reports));
        await host.ReachesAsync("second");
    }

    [Fact]
    public async Task ANodeThatQuarantinedTheCoordinatorComesBackAsANewIncarnation()
    {
        await using var cluster = TestCluster.Of();
        await using var host = Host.Of(cluster);
        await host.ReachesAsync("first");

        Quarantine(by: host.Current, whom: cluster.Coordinator);

        await host.IncarnationAsync(2);
        Assert.Equal("this node gave the coordinator up", Assert.Single(host.Reports));
        await host.ReachesAsync("second");
    }

    [Fact]
    public async Task ASystemThatEndsByItselfEndsTheHost()
    {
        await using var cluster = TestCluster.Of();
        await using var host = Host.Of(cluster);

        _ = host.Current.Terminate();

        await host.Running.WaitAsync(TestCluster.Bound);
        Assert.Empty(host.Reports);
    }

    [Fact]
    public async Task AStopEndsTheSystem()
    {
        await using var cluster = TestCluster.Of();
        await using var host = Host.Of(cluster);

        host.Stop();

        await host.Running.WaitAsync(TestCluster.Bound);
        await host.Current.WhenTerminated.WaitAsync(TestCluster.Bound);
    }

    private static void Quarantine(ActorSystem by, ActorSystem whom) =>
        ((IRemoteActorRefProvider)((ExtendedActorSystem)by).Provider)
        .Quarantine(((ExtendedActorSystem)whom).Provider.DefaultAddress, AddressUidExtension.Uid(whom));

    private sealed class Host : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentStack<(int Number, ActorSystem System)> _started = [];

        private Host(TestCluster cluster)
        {
            cluster.Coordinator.ActorOf(EchoActor.Props(), "coordinator");
            var incarnations = new Incarnations(
                number =>
                {
                    var node = cluster.Node();
                    _started.Push((number, node));
                    return node;
                },
                (_, reason) => Reports.Enqueue(reason.ToString()));
            Running = incarnations.RunAsync(_stop.Token);
        }

        public Task Running { get; }

        public ConcurrentQueue<string> Reports { get; } = [];

        public ActorSystem Current =>
            _started.TryPeek(out var last) ? last.System : throw new InvalidOperationException("none has started");

        public static Host Of(TestCluster cluster) => new(cluster);

        public void Stop() => _stop.Cancel();

        // A quarantine is noticed with the next message; our nodes send one each second.
        public Task IncarnationAsync(int number) => Until.TrueAsync(() =>
        {
            Current.ActorSelection(ControlAddress.CoordinatorActor).Tell(new Ping("register"), ActorRefs.NoSender);
            return _started.TryPeek(out var last) && last.Number == number;
        });

        public async Task ReachesAsync(string text) =>
            Assert.Equal($"coordinator: {text}", await ControlTransportTests.AskAsync(Current, text));

        public async ValueTask DisposeAsync()
        {
            Stop();
            await Running.WaitAsync(TestCluster.Bound);
            _stop.Dispose();
        }
    }
}
