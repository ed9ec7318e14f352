using Akka.Actor;
using Akka.TestKit;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination;

/// <summary>A node of the cluster that says more than is its to say. It lives in an ActorSystem of its own, so that it
/// has another address.</summary>
public sealed class LyingNodesTests : TimedKit
{
    private static readonly RunId Run = RunId.New();
    private readonly ActorSystem _elsewhere =
        ActorSystem.Create("elsewhere", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");
    private readonly IActorRef _liar;
    private readonly TestProbe _origin;
    private readonly TestProbe _a;

    public LyingNodesTests()
    {
        _liar = _elsewhere.ActorOf(Props.Create(() => new Mute()));
        (_origin, _a) = (CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public void Nobody_stores_for_another()
    {
        var run = Begin();

        run.Tell(Report(ReplicaPhase.Stored, Samples.Seal.Digest), _liar);
        run.Tell(new DeliveryReport(Run, new Epoch(1), [], default, Samples.Seal), _origin);

        Assert.All(Reports(3),
            report => Assert.DoesNotContain(report.Members, member => member.Standing == MemberStanding.Stored));
    }

    [Fact]
    public void Nobody_seals_or_fails_links_or_ends_the_run_for_its_origin()
    {
        var run = Begin();
        Watch(run);

        run.Tell(new DeliveryReport(Run, new Epoch(1), [new FailedLink(NodeName.Parse("a"), Reason.Text("lie"))],
            default,
            Samples.Seal with { Digest = Sha256Digest.OfNothing }), _liar);
        run.Tell(new RunEndHeard(Run), _liar);
        run.Tell(new RunEndHeard(Run), _origin);
        run.Tell(new DeliveryReport(Run, new Epoch(1), [], default, Samples.Seal), _origin);
        run.Tell(Report(ReplicaPhase.Stored, Samples.Seal.Digest), _a);

        Assert.Equal(Core.Delivery.RunOutcome.Protected,
            Hear<RunReport>(_origin, one => one.End is not null, Bound).End!.Outcome);
    }

    [Fact]
    public void A_reason_is_cut_and_made_printable()
    {
        var run = Begin();

        run.Tell(Report(ReplicaPhase.Failed, null, "\u001b[2J" + new string('x', 100_000)), _a);

        var told = Hear<RunReport>(_origin, one =>
            one.Members.Any(member => member.Standing == MemberStanding.Failed), Bound).Members.Single().Reason;
        Assert.StartsWith("%1B[2Jxx", told.ToString(), StringComparison.Ordinal);
        Assert.InRange(told.Encode().Length, 100, 700);
    }

    [Fact]
    public async Task Nobody_leaves_for_another()
    {
        Action<Core.Events.NodeEvent> report = _ => { };
        var (settings, clock) =
            (new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"), TimeSpan.FromSeconds(60)), Clock);
        var coordinator =
            Start(Props.Create(() => new CoordinatorActor(settings, report, clock, null, new Remembered())));
        coordinator.Tell(new RegisterDestination(Samples.Destination("a")), _a);

        coordinator.Tell(new Leave(NodeRole.Destination, Samples.Node("a")), _liar);

        Assert.Equal(1, (await coordinator.Ask<StatusAnswer>(new AskStatus(), Bound)).Status.Connected);
    }

    private IActorRef Begin()
    {
        var state = RunState.Begin(Run, Samples.Origin, Samples.Snapshot, 1, Epoch.None);
        var waits = new RunWaits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
        var run = StartRun(state, Samples.OriginOf(1), _origin, waits);
        run.Tell(new RunActor.MemberJoined(Samples.Destination("a"), _a));
        Hear<PrepareReplica>(_a, _ => true, Bound);
        run.Tell(Report(ReplicaPhase.Receiving, null), _a);
        Hear<Deliver>(_origin, _ => true, Bound);
        return run;
    }

    private IEnumerable<RunReport> Reports(int count) =>
        Enumerable.Range(0, count).Select(_ => Hear<RunReport>(_origin, _ => true, Bound)).ToList();

    private static ReplicaReport Report(ReplicaPhase phase, Sha256Digest? digest, string reason = "") =>
        new(Run, new Epoch(1), NodeName.Parse("a"), phase, digest, Reason.Text(reason), []);

    protected override void AfterAll()
    {
        _elsewhere.Terminate().Wait(Bound);
        base.AfterAll();
    }

    private sealed class Mute : ReceiveActor
    {
        public Mute() => ReceiveAny(_ => { });
    }
}
