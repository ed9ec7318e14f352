using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using BackupDistribuido.Actors.Carriers;

namespace BackupDistribuido.Actors.Tests.Remoting;

/// <summary>A peer that has the key, and Akka's own serializers, tries what our nodes never do.</summary>
public sealed class GuardTests
{
    public static TheoryData<string> Paths => ["/user/coordinator", "/user/coordinator/child"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task KillAndPoisonPillStopNothing(string path)
    {
        await using var attack = await Attack.BeginAsync(path);
        foreach (var deadly in new object[] { Kill.Instance, PoisonPill.Instance })
        {
            attack.Selection.Tell(deadly, attack.Self);
            attack.Resolved.Tell(deadly, attack.Self);
        }
        await attack.SurvivedAsync();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task SystemMessagesThatStopOrRestartAreRefused(string path)
    {
        foreach (var make in new Func<ISystemMessage>[] { () => new Terminate(), () => new Suspend(),
            () => new Recreate(new InvalidOperationException("x")) })
        {
            await using var attack = await Attack.BeginAsync(path);
            ((IInternalActorRef)attack.Resolved).SendSystemMessage(make());
            await attack.Cluster.LoggedAsync("Refused a message from");
            await attack.SurvivedAsync();
        }
    }

    [Fact]
    public async Task NothingButTheCoordinatorCanBeSelected()
    {
        await using var attack = await Attack.BeginAsync("/user/coordinator");
        var hidden = new ConcurrentQueue<object>();
        attack.Cluster.Coordinator.ActorOf(EchoActor.Props(hidden.Enqueue), "hidden");
        attack.Stranger.ActorSelection(ControlAddress.Coordinator + "/user/hidden").Tell("hello", attack.Self);
        attack.Stranger.ActorSelection(ControlAddress.Coordinator + "/user/*").Tell("hello", attack.Self);

        await attack.SurvivedAsync();
        Assert.Empty(hidden);
    }

    [Fact]
    public async Task AnActorDeployedFromOutsideIsNotMade()
    {
        await using var attack = await Attack.BeginAsync("/user/coordinator");
        Planted.Made = false;
        attack.Stranger.ActorOf(Props.Create<Planted>()
            .WithDeploy(Deploy.None.WithScope(new RemoteScope(ControlAddress.Coordinator))), "planted");

        await attack.Cluster.LoggedAsync("Refused a message from");
        await attack.SurvivedAsync();
        Assert.False(Planted.Made);
    }

    [Fact]
    public async Task AForeignTypeIsNeitherBuiltNorSent()
    {
        await using var attack = await Attack.BeginAsync("/user/coordinator");
        var evil = new Foreign { Text = "evil" };
        var built = Foreign.Built;
        attack.Selection.Tell(evil, attack.Self);
        attack.Resolved.Tell(evil, attack.Self);

        await attack.Cluster.LoggedAsync("Refused a message from");
        await attack.SurvivedAsync();
        Assert.Equal(built, Foreign.Built);

        var node = attack.Cluster.Node();
        Assert.Equal("coordinator: hello", await ControlTransportTests.AskAsync(node, "hello"));
        node.ActorSelection(ControlAddress.CoordinatorActor).Tell(new Foreign { Text = "ours" });
        await attack.Cluster.LoggedAsync("Did not send a message");
        await attack.SurvivedAsync();
    }

    private sealed class Foreign
    {
        private static int _built;

        public Foreign() => Interlocked.Increment(ref _built);

        public static int Built => Volatile.Read(ref _built);

        public string Text { get; set; } = "";
    }

    private sealed class Planted : ReceiveActor
    {
        public static volatile bool Made;

        public Planted() => Made = true;
    }

    private sealed class Attack : IAsyncDisposable
    {
        private readonly string _path;
        private readonly ConcurrentQueue<object> _told;

        private Attack(string path, ConcurrentQueue<object> told, TestCluster cluster, ActorSystem stranger,
            IActorRef resolved) =>
            (_path, _told, Cluster, Stranger, Resolved) = (path, told, cluster, stranger, resolved);

        public TestCluster Cluster { get; }

        public ActorSystem Stranger { get; }

        public IActorRef Resolved { get; }

        public IActorRef Self => Stranger.DeadLetters;

        public ActorSelection Selection => Stranger.ActorSelection(ControlAddress.Coordinator + _path);

        public static async Task<Attack> BeginAsync(string path)
        {
            var cluster = TestCluster.Of();
            var told = new ConcurrentQueue<object>();
            cluster.Coordinator.ActorOf(EchoActor.Props(told.Enqueue), "coordinator");
            var stranger = cluster.Stranger();
            var victim = await cluster.Coordinator.ActorSelection(path).ResolveOne(TestCluster.Bound);
            var resolved = ((ExtendedActorSystem)stranger).Provider.ResolveActorRef(ControlAddress.Coordinator
                + victim.Path.ToStringWithUid()[victim.Path.Address.ToString().Length..]);
            var attack = new Attack(path, told, cluster, stranger, resolved);
            await attack.HeardAsync();
            return attack;
        }

        /// <summary>The victim answers, has not restarted or stopped, and was told nothing.</summary>
        public async Task SurvivedAsync()
        {
            await HeardAsync();
            var victim = await Cluster.Coordinator.ActorSelection(_path).ResolveOne(TestCluster.Bound);
            Assert.Equal(Resolved.Path.Uid, victim.Path.Uid);
            await victim.Ask<Pong>(new Ping("alive?"), TestCluster.Bound);
            Assert.Empty(_told);
        }

        // Messages of an association arrive in order: who answers this has been offered all that was sent before.
        private Task HeardAsync() => Until.TrueAsync(async () =>
        {
            try
            {
                return (await Resolved.Ask<ActorIdentity>(new Identify(null),
                    TimeSpan.FromSeconds(2))).Subject is not null;
            }
            catch (AskTimeoutException)
            {
                return false;
            }
        });

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }
}
