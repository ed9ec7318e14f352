using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Sending;

namespace BackupDistribuido.Actors.Tests.Origin;

public sealed class OriginActorTests : NodeKit
{
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");
    private static readonly RunId Run = RunId.New();

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<NodeEvent> _told = new();
    private readonly HandCoordinator _coordinator;
    private OriginWork? _work;
    private OriginControl? _control;

    public OriginActorTests()
    {
        _folder.Write("source/f", "four");
        _coordinator = new HandCoordinator(this);
        _coordinator.Start();
    }

    [Fact]
    public void It_registers_each_second_whether_or_not_it_is_answered()
    {
        Begin();
        for (var i = 0; i < 3; i++)
        {
            var registration =
                _coordinator.Hear<RegisterOrigin>(one => one.Registration.Totals is not null).Registration;
            Assert.Equal((new TreeTotals(2, 1, 4), 2, (RunInProgress?)null),
                (registration.Totals!.Value, registration.Required, registration.InProgress));
        }
    }

    [Fact]
    public void Every_change_of_the_count_is_told_once()
    {
        var origin = Begin();
        foreach (var (connected, eligible) in new[] { (0, 0), (1, 1), (1, 1), (2, 1), (2, 2), (2, 2), (1, 1), (0, 0) })
            Count(origin, connected, eligible, connected > eligible ? ["b: no room"] : []);
        Count(origin, 2, 1, "b: no room");

        Soon(() => Told<DestinationsChanged>().Count == 7);
        Assert.Equal([(0, 0), (1, 1), (2, 1), (2, 2), (1, 1), (0, 0), (2, 1)],
            Told<DestinationsChanged>().Select(one => (one.Connected, one.Eligible)));
        Assert.Single(Told<Connected>());
        Soon(() => Told<Warned>().Count > 0);
        Assert.Contains("b: no room", Assert.Single(Told<Warned>()).Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_use_ends_it()
    {
        Begin().Tell(new RegistrationRefused(Samples.Node("laptop"), Reason.Text("the name is in use")));

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal((ExitCode.Busy, "the name is in use"), (why.Code, why.Message));
    }

    [Fact]
    public async Task The_coordinator_hears_of_a_tree_that_is_not_copied_before_its_owner_does()
    {
        _folder.Do("rm source/f");
        var origin = Begin();
        var said = _coordinator.Hear<RegisterOrigin>(one => one.Registration.Totals is not null).Registration;
        Assert.Contains("SOURCE is empty", said.Refusal?.ToString(), StringComparison.Ordinal);
        Assert.False(StartCondition.IsMet(said, 2, null));
        Count(origin, 2, 2);

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal((ExitCode.AtRisk, said.Refusal!), (why.Code, why.Reason));
    }

    [Fact]
    public async Task Without_a_coordinator_a_tree_that_is_not_copied_ends_it_all_the_same()
    {
        _folder.Do("rm source/f");
        Begin();
        Assert.Equal(ExitCode.AtRisk,
            (await Assert.ThrowsAsync<NodeException>(() => End())).Code);
    }

    [Theory]
    [InlineData(-1, 1, "was not reached")]
    [InlineData(1, 2, "1 of 2")]
    public async Task Too_few_at_the_end_of_the_wait_end_it(int eligible, int startWith, string message)
    {
        var origin = Begin(startWith, TimeSpan.FromMilliseconds(500));
        if (eligible >= 0) Count(origin, eligible, eligible);

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal(ExitCode.NotEnoughDestinations, why.Code);
        Assert.Contains(message, why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enough_to_start_with_at_the_end_of_the_wait_start_it()
    {
        Count(Begin(startWith: 1, TimeSpan.FromMilliseconds(500)), 1, 1);

        _coordinator.Hear<RegisterOrigin>(one => one.Registration.WaitIsOver);
        Assert.False(_work!.End.IsCompleted);
    }

    [Fact]
    public async Task Whoever_goes_after_the_wait_and_before_a_run_is_not_waited_for()
    {
        var origin = Begin(startWith: 2, TimeSpan.FromSeconds(4));
        Count(origin, 2, 2);
        _coordinator.Hear<RegisterOrigin>(one => one.Registration.WaitIsOver);

        Count(origin, 1, 1);

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal((ExitCode.NotEnoughDestinations, true),
            (why.Code, why.Message.StartsWith("1 of 2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_coordinator_that_is_silent_after_the_wait_and_before_a_run_is_not_waited_for()
    {
        var origin = Begin(startWith: 1, TimeSpan.FromSeconds(4));
        Count(origin, 1, 1);
        _coordinator.Hear<RegisterOrigin>(one => one.Registration.WaitIsOver);
        Assert.False(_work!.End.IsCompleted);

        Clock.Advance(RunPatience.Moment);

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal(ExitCode.NotEnoughDestinations, why.Code);
        Assert.Contains("was not reached", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_begun_is_waited_for_though_it_sends_nothing_yet()
    {
        var origin = Begin(startWith: 2, TimeSpan.FromSeconds(4));
        Count(origin, 2, 2);
        origin.Tell(Report(MemberStanding.Preparing, MemberStanding.Resuming));
        Count(origin, 1, 1);

        for (var second = 0; second < 2; second++) _coordinator.Hear<RegisterOrigin>();
        Assert.False(_work!.End.IsCompleted);
    }

    [Fact]
    public void Where_all_that_can_come_are_here_nobody_else_is_waited_for()
    {
        _control = new OriginControl { Expected = 2 };
        var origin = Begin(startWith: 1, TimeSpan.FromHours(1));
        _coordinator.Hear<RegisterOrigin>(one => one.Registration.Totals is not null);
        Count(origin, 1, 1);
        Assert.False(_coordinator.Hear<RegisterOrigin>().Registration.WaitIsOver);

        Count(origin, 2, 1, "b: no room");

        Assert.True(_coordinator.Hear<RegisterOrigin>(one => one.Registration.WaitIsOver).Registration.IsComplete);
        Assert.Equal("b: no room", Assert.Single(_control.NotEligible).ToString());
    }

    [Fact]
    public async Task A_run_whose_coordinator_does_not_come_back_ends_as_unknown_once_nothing_moves_any_more()
    {
        var origin = Begin();
        Count(origin, 2, 2);
        origin.Tell(new Deliver(Plan(3)));
        _coordinator.Hear<DeliveryReport>();
        Clock.Advance(RunPatience.Least - TimeSpan.FromSeconds(30));
        // Links go on without a coordinator.
        origin.Tell(new DeliveryReport(Run, new Epoch(3), [], new TreeTotals(1, 1, 4), null));
        _coordinator.Hear<DeliveryReport>(report => report.Sent.Bytes == 4);
        Clock.Advance(TimeSpan.FromSeconds(31));
        _coordinator.Hear<RegisterOrigin>();
        Assert.False(_work!.End.IsCompleted);

        Clock.Advance(RunPatience.Least);

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal(ExitCode.AtRisk, why.Code);
        Assert.StartsWith("unknown: the coordinator at 127.0.0.1:4053 was not heard for 2 min", why.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(1800, 30)]
    public void A_run_is_given_up_after_the_owners_wait_and_not_before_two_minutes(int wait, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), new RunPatience(TimeSpan.FromSeconds(wait), Clock).Bound);

    [Fact]
    public void A_plan_is_delivered_and_what_is_older_or_of_another_run_is_not()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        origin.Tell(new Deliver(Plan(3)));
        _coordinator.Hear<DeliveryReport>(report => report.Epoch == new Epoch(3));

        origin.Tell(new Deliver(Plan(2)));
        origin.Tell(new Deliver(Plan(9) with { Run = RunId.New() }));
        Assert.Equal(new Epoch(3),
            _coordinator.Hear<RegisterOrigin>(one =>
                one.Registration.InProgress is not null).Registration.InProgress!.Epoch);
        origin.Tell(new Deliver(Plan(4)));

        _coordinator.Hear<DeliveryReport>(report =>
        {
            Assert.Equal(Run, report.Run);
            Assert.InRange(report.Epoch.Number, 3, 4);
            return report.Epoch == new Epoch(4);
        });
        Soon(() => Told<RunStarted>().Count == 2);
        Assert.Equal([3L, 4L], Told<RunStarted>().Select(one => one.Epoch.Number));
        Assert.Equal(Run, _work!.Run!.Run);

        // A plan for nobody is a pause.
        origin.Tell(new Deliver(Plan(5, children: [])));
        Soon(() => Told<RunPaused>().Count == 1);
        Assert.Equal(2, Told<RunStarted>().Count);
    }

    [Fact]
    public void A_coordinator_that_is_gone_and_back_is_told_the_run_again()
    {
        var origin = Begin();
        Count(origin, 2, 2);
        origin.Tell(new Deliver(Plan(3)));
        _coordinator.HearNow<DeliveryReport>();
        _coordinator.Stop();
        Sys.EventStream.Publish(new CoordinatorUnreachable(Reason.Text("connection refused"), false));
        Soon(() => Told<Disconnected>().Count > 0);
        Assert.Equal("connection refused", Assert.Single(Told<Disconnected>()).Reason.ToString());
        while (_coordinator.Heard.HasMessages) _coordinator.Heard.ReceiveOne(TimeSpan.Zero);

        _coordinator.Start();

        var registration = _coordinator.Hear<RegisterOrigin>().Registration;
        Assert.Equal((Run, new Epoch(3)), (registration.InProgress!.Run, registration.InProgress.Epoch));
        _coordinator.Hear<DeliveryReport>(report => report.Epoch == new Epoch(3));
        Count(origin, 2, 2);
        Soon(() => Told<Connected>().Count == 2);
        Assert.Single(Told<DestinationsChanged>());
        origin.Tell(new Deliver(Plan(5)));
        _coordinator.Hear<DeliveryReport>(report => report.Epoch == new Epoch(5));
    }

    [Fact]
    public void A_new_life_tells_the_seal_that_the_old_one_could_not()
    {
        Begin();
        var tree = _work!.BeginTree();
        var page = tree.Page(0)!;
        page[1] = (FileEntry)page[1] with { Digest = Sha256Digest.Of("four"u8) };
        tree.SettleComplete();
        _work.Run = new RunInProgress(Run, Samples.Snapshot, new Epoch(3), null);
        Assert.Null(_coordinator.Hear<RegisterOrigin>(one =>
            one.Registration.InProgress is not null).Registration.InProgress!.Seal);

        Live();

        Assert.Equal(tree.Seal,
            _coordinator.Hear<RegisterOrigin>(one =>
                one.Registration.InProgress?.Seal is not null).Registration.InProgress!.Seal);
    }

    [Fact]
    public void Files_are_shown_and_told_while_the_rest_of_their_page_is_still_to_be_sent()
    {
        _folder.Write("source/large", "not yet read");
        var origin = Begin();
        var page = _work!.BeginTree().Page(0)!;
        origin.Tell(new Deliver(Plan(3)));
        origin.Tell(Report(MemberStanding.Copying, MemberStanding.Copying));
        page[1] = (FileEntry)page[1] with { Digest = Sha256Digest.Of("four"u8) };

        origin.Tell(new FilesVerified(Run, A, [new EntryRange(1, 1)]));

        Soon(() => Told<FileStored>().Count == 1);
        Assert.Equal(("f", 1), (Told<FileStored>()[0].Path.ToString(), Told<FileStored>()[0].Copies));
        var files = _work.Files(Run, new FileQuery("", false, 0, 10));
        Assert.Equal((2, "f 10, large 00"),
            (files.Known, string.Join(", ", files.Rows.Select(row => $"{row.Path} {row.Copies}"))));
        Assert.Equal("large", Assert.Single(_work.Files(Run, new FileQuery("LAR", true, 0, 10)).Rows).Path);

        page[2] = new OmittedEntry(page[2].Path, Omission.Unreadable);
        Assert.Equal(1, _work.Files(Run, new FileQuery("", false, 0, 10)).Known);
        _work.Tree!.SettleComplete();
        Assert.Equal("f 10",
            Assert.Single(_work.Files(Run,
                new FileQuery("", false, 0, 10)).Rows.Select(row => $"{row.Path} {row.Copies}")));
        Assert.Single(Told<FileStored>());
    }

    [Fact]
    public async Task Of_a_destination_that_lacks_names_only_what_it_has_said_counts()
    {
        _folder.Write("source/large", "the other one can't have this name");
        var origin = Begin();
        var page = _work!.BeginTree().Page(0)!;
        origin.Tell(new Deliver(Plan(3)));
        page[1] = (FileEntry)page[1] with { Digest = Sha256Digest.Of("four"u8) };
        page[2] = (FileEntry)page[2] with { Digest = Sha256Digest.Of("five"u8) };
        _work.Tree!.SettleComplete();
        origin.Tell(new FilesVerified(Run, A, [new EntryRange(1, 1)]));

        var members = Report(MemberStanding.Stored, MemberStanding.Stored).Members;
        origin.Tell(Report(MemberStanding.Stored, MemberStanding.Stored,
            Summary()) with
        { Members = [members[0] with { LacksNames = true }, members[1]] });

        await End();
        var files = _work.Files(Run, new FileQuery("", false, 0, 10));
        Assert.Equal("f 11, large 01", string.Join(", ", files.Rows.Select(row => $"{row.Path} {row.Copies}")));
        Assert.Equal(1, Told<FileStored>().Where(one => one.Path.ToString() == "large").Max(one => one.Copies));
    }

    [Fact]
    public async Task Members_are_told_once_however_often_and_in_whatever_order_the_run_reports()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        foreach (var (a, b) in new[]
        {
            (MemberStanding.Preparing, MemberStanding.Preparing), (MemberStanding.Copying, MemberStanding.Copying),
                (MemberStanding.Stored, MemberStanding.Away),
            (MemberStanding.Stored, MemberStanding.Away), (MemberStanding.Preparing, MemberStanding.Copying),
                (MemberStanding.Stored, MemberStanding.Stored), (MemberStanding.Stored, MemberStanding.Stored),
        }) origin.Tell(Report(a, b));
        origin.Tell(Report(MemberStanding.Away, MemberStanding.Failed) with { Run = RunId.New() });
        origin.Tell(Report(MemberStanding.Stored, MemberStanding.Stored, Summary()));

        await End();
        Assert.Equal(B, Assert.Single(Told<DestinationLost>()).Destination);
        Assert.Equal([(A, 1), (B, 2)], Told<ReplicaCounted>().Select(one => (one.Destination, one.Copies)));
        Assert.Equal(2, Assert.Single(Told<SnapshotProtected>()).Copies);
    }

    [Fact]
    public async Task What_a_destination_has_lost_is_not_counted_with_what_others_store()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        origin.Tell(Report(MemberStanding.Stored, MemberStanding.Copying));
        origin.Tell(Report(MemberStanding.Preparing, MemberStanding.Copying));
        origin.Tell(Report(MemberStanding.Copying, MemberStanding.Stored));
        origin.Tell(Report(MemberStanding.Stored, MemberStanding.Stored, Summary()));

        await End();
        Assert.Equal([(A, 1), (B, 1)], Told<ReplicaCounted>().Select(one => (one.Destination, one.Copies)));
        Assert.Equal(2, Assert.Single(Told<SnapshotProtected>()).Copies);
    }

    [Fact]
    public async Task The_end_is_answered_each_time_and_told_once()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        origin.Tell(Report(MemberStanding.Stored, MemberStanding.Stored, Summary()) with { Run = RunId.New() });
        Assert.False(_work!.End.IsCompleted);

        for (var i = 0; i < 3; i++)
        {
            origin.Tell(Report(MemberStanding.Stored, MemberStanding.Stored, Summary()));
            Assert.Equal(Run, _coordinator.Hear<RunEndHeard>().Run);
        }

        Assert.Equal(Run, (await End()).Run);
        Assert.Single(Told<RunFinished>());
    }

    [Fact]
    public async Task A_delivery_that_dies_ends_it()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        _coordinator.Hear<DeliveryReport>();

        Sys.ActorSelection(origin.Path / "delivery").Tell(Kill.Instance);

        Assert.Equal(ExitCode.Unexpected,
            (await Assert.ThrowsAsync<NodeException>(() => End())).Code);
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(100, false)]
    [InlineData(null, false)]
    public async Task A_tree_that_lost_too_much_since_its_last_snapshot_ends_it_before_a_run(int? maxShrink,
        bool isStopped)
    {
        var origin = Begin(maxShrink: maxShrink);
        _coordinator.Hear<RegisterOrigin>(one => one.Registration.Totals is not null
            && one.Registration.MaxShrinkPercent == maxShrink);
        origin.Tell(new OriginRegistered(Samples.Node("laptop"), 2, 2, [],
            new HeldSnapshot(Samples.Origin, Samples.Snapshot, 150)));

        if (isStopped)
        {
            var why = await Assert.ThrowsAsync<NodeException>(() => End());
            Assert.Equal(ExitCode.AtRisk, why.Code);
            Assert.Contains("150", why.Message, StringComparison.Ordinal);
        }
        else
        {
            origin.Tell(new Deliver(Plan(3)));
            _coordinator.Hear<DeliveryReport>();
            Assert.False(_work!.End.IsCompleted);
        }
    }

    [Fact]
    public async Task A_tree_that_can_not_be_read_any_more_ends_it_with_the_reason()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        _coordinator.Hear<DeliveryReport>();

        origin.Tell(new DeliveryReport(Run, new Epoch(3), [], default, null,
            Problem: Reason.Text("the manifest can't be written")));

        var why = await Assert.ThrowsAsync<NodeException>(() => End());
        Assert.Equal((ExitCode.AtRisk, "the manifest can't be written"), (why.Code, why.Message));
    }

    [Fact]
    public void What_its_last_run_had_is_compared_though_no_destination_is_there()
    {
        var record = _folder["state/laptop.record"];
        Directory.CreateDirectory(_folder["state"]);
        _folder.Do("mkdir -p source/m; for i in 1 2 3 4 5 6; do echo $i > source/m/$i; done");
        using (var source = SourceTree.Open(_folder["source"]))
            OriginRecord.Write(record, Samples.Origin, Samples.Snapshot, source.Scan(null),
                new FileTime(long.MaxValue, 0), [TreePath.FromBytes("m"u8)]);
        // It was a disk that is not mounted now.
        _folder.Do("rm source/m/*; echo a > source/a; echo b > source/b; echo c > source/c");
        using var work = Work(Settings(50, record));

        var contents = work.Count().Contents;

        Assert.Contains("'m' in SOURCE was mounted", work.WhyStopped(contents)?.ToString(), StringComparison.Ordinal);
        using var allowed = Work(Settings(null, record));
        Assert.Null(allowed.WhyStopped(allowed.Count().Contents));
        var tree = allowed.BeginTree();
        using (var parcels = new BackupDistribuido.Streams.Buffers.ParcelBuilder(
            new BackupDistribuido.Streams.Buffers.BufferPool()))
        using (var reader = new ContentReader(tree, parcels))
        {
            reader.Begin(tree.Page(0)!, NeedSet.Nothing);
            Assert.True(reader.Fill());
        }
        tree.MakeSeal();
        Assert.True(tree.Seal!.HasShrunk);
    }

    [Fact]
    public void A_run_that_has_begun_is_not_ended_by_what_a_destination_says_later()
    {
        var origin = Begin();
        origin.Tell(new Deliver(Plan(3)));
        _coordinator.Hear<DeliveryReport>();
        _coordinator.Hear<RegisterOrigin>(one => one.Registration.Totals is not null);
        origin.Tell(new OriginRegistered(Samples.Node("laptop"), 2, 2, [],
            new HeldSnapshot(Samples.Origin, Samples.Snapshot, 150)));

        _coordinator.Hear<DeliveryReport>();
        Assert.False(_work!.End.IsCompleted);
        Assert.Null(_work.Newest);
    }

    [Fact]
    public void Who_leaves_says_so_and_registers_no_more()
    {
        var origin = Watch(Begin());
        origin.Tell(new NodeLeaves(), TestActor);

        Assert.Equal(new Leave(NodeRole.Origin, Samples.Node("laptop")), _coordinator.Hear<Leave>());
        FishForMessage<NodeLeaves>(_ => true, HandCoordinator.Bound);
        ExpectTerminated(origin, HandCoordinator.Bound);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _work?.Dispose();
        _folder.Dispose();
    }

    private IActorRef Begin(int startWith = 2, TimeSpan? wait = null, int? maxShrink = 50)
    {
        var settings = Settings(maxShrink) with { StartWith = startWith, Wait = wait, Control = _control };
        _work = Work(settings);
        var origin = Live();
        _coordinator.HearNow<RegisterOrigin>(one => one.Registration.Totals is not null);
        return origin;
    }

    private OriginSettings Settings(int? maxShrink, string? record = null) =>
        new(Samples.Origin, NodeAddress.Parse("127.0.0.1:4053"),
            new OriginTree(_folder["source"], ScanRules.Everything, record),
            new CopyGoal(2, MaxShrinkPercent: maxShrink))
        {
            ReportFiles = true,
        };

    private OriginWork Work(OriginSettings settings) =>
        new(settings, SourceTree.Open(_folder["source"]), new SocketLinks(null), _told.Enqueue, Clock,
            CancellationToken.None);

    private Task<RunSummary> End() => Ends(_work!.End);

    private IActorRef Live()
    {
        var (work, node) = (_work!, Samples.Node("laptop"));
        return Sys.ActorOf(Props.Create(() => new OriginActor(work, node, HandCoordinator.Path)));
    }

    private static void Count(IActorRef origin, int connected, int eligible, params string[] reasons) =>
        origin.Tell(new OriginRegistered(Samples.Node("laptop"), connected, eligible,
            [.. reasons.Select(Reason.Text)]));

    /// <summary>A plan without anyone to dial: who is dialled is the delivery's matter.</summary>
    /// <summary>Nobody listens where the child is.</summary>
    private static DeliveryPlan Plan(long epoch, PlanNode[]? children = null) =>
        new(Run, Samples.Origin, Samples.Snapshot, new Epoch(epoch), LinkSecret.New(),
        new PlanNode(Samples.Origin, null, children ?? [new PlanNode(A, NodeAddress.Parse("127.0.0.1:1"), [])])
            .Speaking(LinkProfile.Newest, _ => LinkProfile.Newest));

    private static RunReport Report(MemberStanding a, MemberStanding b, RunSummary? end = null) =>
        new(Run, new Epoch(3),
            [new MemberReport(A, a, Reason.None, "disk-a"), new MemberReport(B, b, Reason.Text("reset"), "disk-b")],
                end);

    private static RunSummary Summary() =>
        new(Run, Samples.Snapshot, RunOutcome.Protected, 2, 2, 2, default, 0)
        { Seconds = 1, Reason = Reason.None, Destinations = [] };

    private List<T> Told<T>() => [.. _told.OfType<T>()];
}
