using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Runs;

/// <summary>A run as a value: what comes in with its time, and what has to be done about it.</summary>
public sealed class LiveRunTests
{
    private static readonly RunId Run = RunId.New();
    private static readonly NodeName Origin = NodeName.Parse("laptop");
    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    private static readonly SealedTree Seal = new(Sha256Digest.Of("tree"u8), new TreeTotals(3, 2, 100), 0);
    private readonly List<RunEffect> _effects = [];
    private LiveRun _run = new(Beginning(1));
    private TimeSpan _now;

    [Fact]
    public void Nothing_happens_before_its_time_and_each_second_it_says_again_what_is_not_answered()
    {
        Do(_run.Begin(_now));
        Joins("a");
        _effects.Clear();
        _now = _run.Due - TimeSpan.FromTicks(1);
        Assert.Empty(_run.Elapsed(_now));

        Pass(TimeSpan.FromSeconds(5));

        Assert.InRange(Told<PrepareReplica>("a").Count(), 5, 6);
        Assert.InRange(_run.Due - _now, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Where_nobody_else_can_come_those_who_are_there_are_waited_for_all_the_same()
    {
        var beginning = Beginning(2);
        var complete = beginning.Registration with { IsComplete = true };
        _run = new LiveRun(beginning with { Registration = complete });
        Do(_run.Begin(_now));
        Pass(TimeSpan.FromSeconds(1));
        Do(_run.OriginBack(complete, _now));
        Assert.False(_run.IsOver);

        Joins("a");
        Joins("b");
        Pass(TimeSpan.FromSeconds(1));

        Assert.NotEmpty(Told<PrepareReplica>("a"));
        Assert.NotEmpty(Told<PrepareReplica>("b"));
    }

    [Theory]
    [InlineData(MemberStanding.Publishing,
        "no progress for 10 min while it made its replica durable; its disk may hang")]
    [InlineData(MemberStanding.Copying, "it lacks something, and there was no progress for 5 min (3 times)")]
    public void The_last_one_whose_disk_hangs_fails_though_nothing_else_moves(MemberStanding at, string why)
    {
        _run = new LiveRun(Beginning(2));
        Do(_run.Begin(_now));
        Joins("a");
        Joins("b");
        Pass(TimeSpan.FromSeconds(1));
        Says("a", ReplicaPhase.Receiving);
        Says("b", ReplicaPhase.Receiving);
        Do(_run.Handle(new DeliveryReport(Run, _run.State.Epoch, [], Seal.Totals, Seal), _now));
        Says("a", ReplicaPhase.Stored, Seal.Digest);
        if (at == MemberStanding.Publishing) Says("b", ReplicaPhase.Publishing);

        for (var minute = 0; minute < 20 && !_run.IsOver; minute++)
        {
            Pass(TimeSpan.FromMinutes(1));
            // Its links are made again, and are as silent as before.
            if (at != MemberStanding.Copying) continue;
            Says("b", ReplicaPhase.Receiving);
            Do(_run.Handle(new DeliveryReport(Run, _run.State.Epoch, [], Seal.Totals, Seal), _now));
        }

        var b = _run.State.Member(NodeName.Parse("b"))!;
        Assert.Equal((MemberStanding.Failed, why), (b.Standing, b.Reason.ToString()));
        var ends = _effects.OfType<RunEffect.TellRoot>().Select(tell => (tell.Message as RunReport)?.End?.Outcome);
        Assert.Equal(RunOutcome.AtRisk, Assert.Single(ends.OfType<RunOutcome>().Distinct()));
    }

    [Fact]
    public void One_that_is_rooted_at_a_holder_hears_nothing_of_copies_required_and_waits_for_nobody()
    {
        var state = RunState.Begin(Run, Origin, Snapshot, 5, Epoch.None)
            .RootedAt(NodeName.Parse("a"), null).Sealed(Seal).Joined(NodeName.Parse("a"), null, "disk-a")
            .Stored(NodeName.Parse("a"), Seal.Digest);
        _run = new LiveRun(Beginning(5) with { State = state });
        Do(_run.Begin(_now));
        Joins("a", holds: true);
        Joins("b");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Null(Told<PrepareReplica>("b").First().Required);
        Says("b", ReplicaPhase.Receiving);

        Do(_run.Lost(NodeName.Parse("b"), Reason.Text("it left"), _now));

        Assert.True(_run.IsOver);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_stored_counts_after_its_destination_came_back_only_where_it_is_still_there(bool holds)
    {
        Delivers(new LiveRun(Beginning(2)), "a", "b");
        Says("a", ReplicaPhase.Stored, Seal.Digest);
        Do(_run.Lost(NodeName.Parse("a"), Reason.Text("killed"), _now));
        _effects.Clear();

        Joins("a", holds);
        Says("b", ReplicaPhase.Stored, Seal.Digest);
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal((holds, holds, holds ? 2 : 1), (_run.State.IsProtected, _run.IsOver, _run.State.Copies));
        Assert.NotEmpty(Told<PrepareReplica>("a"));
        Says("a", ReplicaPhase.Stored, Seal.Digest);
        Assert.Equal((true, true, 2), (_run.State.IsProtected, _run.IsOver, _run.State.Copies));
    }

    /// <summary>Its disk works for somebody else, or it is of an older version and does not tell.</summary>
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void Nobody_holds_a_run_for_ever_by_making_its_replica_durable(bool tells, int required)
    {
        Delivers(new LiveRun(Beginning(required)), "a", "b");
        Says("a", ReplicaPhase.Stored, Seal.Digest);
        var begun = _now;
        while (_run.State.Member(NodeName.Parse("b"))!.Standing != MemberStanding.Failed
            && _now - begun < WireLimits.Done * 2)
        {
            if (tells || _now == begun)
                Says("b", ReplicaPhase.Publishing, activity: tells ? (long)_now.TotalSeconds : null);
            Pass(TimeSpan.FromSeconds(10));
            Do(_run.Handle(new DeliveryReport(Run, _run.State.Epoch, [], Seal.Totals, Seal), _now));
        }

        Assert.Equal("its replica is not durable after 15 min; its disk may hang",
            _run.State.Member(NodeName.Parse("b"))!.Reason.ToString());
        Assert.InRange(_now - begun, WireLimits.Done, WireLimits.Done + TimeSpan.FromSeconds(20));
        Says("b", ReplicaPhase.Stored, Seal.Digest);
        Assert.Equal(required == 1 ? 1 : 2, _run.State.Copies);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("damaged")]
    [InlineData("lost")]
    [InlineData("another disk")]
    [InlineData("another name")]
    public void What_waits_for_the_record_does_not_count_when_it_is_not_there_any_more(string how)
    {
        Delivers(new LiveRun(Beginning(1) with { IsRecorded = true }), "a");
        Says("a", ReplicaPhase.Stored, Seal.Digest);
        var put = Assert.Single(_effects.OfType<RunEffect.PutDown>());
        var a = NodeName.Parse("a");

        if (how is "gone" or "damaged") Do(_run.Damaged(a, isGone: how == "gone", _now));
        else Do(_run.Lost(a, Reason.Text("it left"), _now));
        if (how == "another disk") Joins("a", identity: "another");
        if (how == "another name") Joins("b", identity: "id-a");
        Do(_run.Recorded(put.Report, null, _now));
        Pass(RecordGate.Patience * 1.5);

        Assert.Equal((0, false), (_run.State.Copies, _run.State.IsProtected));
    }

    [Fact]
    public void What_a_stored_replica_lacks_is_told_with_it()
    {
        Delivers(new LiveRun(Beginning(1)), "a");

        Do(_run.Handle(new ReplicaReport(Run, _run.State.Epoch, NodeName.Parse("a"), ReplicaPhase.Stored, Seal.Digest,
            Reason.None,
            [])
        { Shortfall = new ReplicaShortfall(ReplicaLimits.None, 20), LacksNames = true }, _now));

        Assert.Equal(20, Assert.Single(_effects.OfType<RunEffect.Inform>().Select(inform => inform.News)
            .OfType<RunNews.Stored>()).Held.Missing);
    }

    [Fact]
    public void What_waited_for_the_record_counts_when_its_destination_is_back_and_says_it_again()
    {
        Delivers(new LiveRun(Beginning(1) with { IsRecorded = true }), "a");
        Says("a", ReplicaPhase.Stored, Seal.Digest);
        Do(_run.Lost(NodeName.Parse("a"), Reason.Text("killed"), _now));
        Joins("a");
        Pass(TimeSpan.FromSeconds(1));

        Says("a", ReplicaPhase.Stored, Seal.Digest);
        Assert.Equal(0, _run.State.Copies);
        Do(_run.Recorded(_effects.OfType<RunEffect.PutDown>().Last().Report, null, _now));

        Assert.Equal((1, true), (_run.State.Copies, _run.IsOver));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_started_again_and_again_at_the_same_place_is_not_waited_for_any_more(bool getsFurther)
    {
        Delivers(new LiveRun(Beginning(2)), "a", "b");
        Says("b", ReplicaPhase.Stored, Seal.Digest);
        for (var life = 2; life <= 30 && !_run.IsOver; life++)
        {
            Do(_run.Lost(NodeName.Parse("a"), Reason.Text("killed"), _now));
            Joins("a", incarnation: life);
            Pass(TimeSpan.FromSeconds(1));
            Says("a", ReplicaPhase.Receiving, done: getsFurther ? life : 1);
        }

        if (!getsFurther) Pass(TimeSpan.FromSeconds(40));

        Assert.Equal(!getsFurther, _run.IsOver);
        if (!getsFurther)
            Assert.Equal("it was restarted more than 10 times in this run without any progress",
            _run.State.Member(NodeName.Parse("a"))!.Reason.ToString());
    }

    [Fact]
    public void Who_is_only_out_of_reach_again_and_again_is_waited_for()
    {
        Delivers(new LiveRun(Beginning(2)), "a", "b");
        Says("b", ReplicaPhase.Stored, Seal.Digest);
        for (var times = 0; times < 30; times++)
        {
            Do(_run.Lost(NodeName.Parse("a"), Reason.Text("it is not heard any more"), _now));
            Joins("a");
            Pass(TimeSpan.FromSeconds(1));
        }

        Assert.False(_run.IsOver);
    }

    private void Delivers(LiveRun run, params string[] names)
    {
        _run = run;
        Do(_run.Begin(_now));
        foreach (var name in names) Joins(name);
        Pass(TimeSpan.FromSeconds(1));
        foreach (var name in names) Says(name, ReplicaPhase.Receiving);
        Do(_run.Handle(new DeliveryReport(Run, _run.State.Epoch, [], Seal.Totals, Seal), _now));
    }

    private static RunStart Beginning(int required)
    {
        var totals = Seal.Totals;
        var node = new NodeIdentity(Origin, "id-laptop", 1);
        return new RunStart(RunState.Begin(Run, Origin, Snapshot, required, Epoch.None),
            new OriginRegistration(node, totals, required, 1, false, "disk-o", null),
            new RunWaits(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)));
    }

    private void Joins(string name, bool holds = false, string? identity = null,
        long incarnation = 1) => Do(_run.Joined(
        new DestinationRegistration(
            new NodeIdentity(NodeName.Parse(name), identity ?? $"id-{name}", incarnation),
            NodeAddress.Parse("127.0.0.1:4054"), 1000, $"disk-{name}", $"{name}:/copies",
            holds ? [new HeldSnapshot(Origin, Snapshot, 3, 100, Seal.Digest, "id-laptop")] : [], Epoch.None),
        null, _now));

    private void Says(string name, ReplicaPhase phase, Sha256Digest? digest = null, long? activity = 7,
        long? done = null) =>
        Do(_run.Handle(new ReplicaReport(Run, _run.State.Epoch, NodeName.Parse(name), phase, digest, Reason.None, [])
        { Activity = activity, Done = done }, _now));

    private IEnumerable<T> Told<T>(string name) where T : IRunMessage => _effects.OfType<RunEffect.Tell>()
        .Where(tell => tell.To == NodeName.Parse(name)).Select(tell => tell.Message).OfType<T>();

    /// <summary>Time passes, and the run hears of it when it wants to.</summary>
    private void Pass(TimeSpan time)
    {
        for (var end = _now + time; ;)
        {
            if (_run.Due > end)
            {
                _now = end;
                return;
            }
            _now = _run.Due;
            Do(_run.Elapsed(_now));
        }
    }

    private void Do(IReadOnlyList<RunEffect> effects) => _effects.AddRange(effects);
}
