using System.Collections.Concurrent;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Delivery;

/// <summary>An origin's links and passes, against real destinations.</summary>
public sealed class DeliveryActorTests() : TestKit(HandRun.Config)
{
    [Fact]
    public async Task Who_comes_later_is_filled_by_a_pass_of_its_own_and_the_first_keeps_its_link()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(3);
        run.Open(a.Node());
        await hanging.WaitAsync(HandRun.Bound);

        var plan = run.Open(a.Node(), b.Node() with { Since = new Epoch(2) });
        // It has answered, and waits for the pass that is under way.
        Assert.Empty(b.StoredFiles);
        a.Thaw();

        a.Stored();
        b.Stored();
        run.IsFaithful(a);
        run.IsFaithful(b);
        Assert.Empty(run.OriginReport(report => report.Epoch == plan.Epoch).FailedLinks);
        Assert.Equal(run.Files.Order(StringComparer.Ordinal), a.StoredFiles.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_of_the_pass_that_gets_a_new_link_goes_on_with_the_others_at_once()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b, c) = (run.Destination("a"), run.Destination("b"), run.Destination("c"));
        var hanging = b.HangAfter(3);
        run.Open(a.Node(b.Node()), c.Node());
        await hanging.WaitAsync(HandRun.Bound);
        b.Thaw();

        var plan = run.Open(a.Node(), c.Node(), b.Node());

        foreach (var destination in new[] { a, b, c })
        {
            destination.Stored();
            run.IsFaithful(destination);
            Assert.Equal(run.Files.Order(StringComparer.Ordinal),
                destination.StoredFiles.Order(StringComparer.Ordinal));
        }
        Assert.Empty(run.OriginReport(report => report.Epoch == plan.Epoch).FailedLinks);
    }

    [Fact]
    public void Who_had_all_of_it_and_has_lost_it_is_sent_it_again()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        run.Open(a.Node(), b.Node());
        a.Stored();
        b.Stored();
        run.OriginReport(report => report.Flows!.Count == 1);
        a.Kill();
        Directory.Delete(a.Published, recursive: true);

        run.Open(a.Node() with { Since = new Epoch(2) });

        a.Stored();
        run.IsFaithful(a);
    }

    [Fact]
    public void A_tree_that_may_not_be_published_is_not_sealed()
    {
        var asked = new ConcurrentQueue<TreeTotals>();
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer, tree =>
        {
            asked.Enqueue(tree.Totals);
            return Reason.Text("it is too small");
        });
        var a = run.Destination("a");

        run.Open(a.Node());

        var report = run.OriginReport(report => report.FailedLinks.Count > 0);
        Assert.Equal("it is too small", Assert.Single(report.FailedLinks).Reason.ToString());
        Assert.Null(report.Seal);
        Assert.Equal(run.Files.Count(), Assert.Single(asked).Files);
        Assert.False(Directory.Exists(a.Published));
    }

    [Fact]
    public async Task One_that_is_lost_ends_its_own_link_and_is_filled_from_where_it_was_when_it_is_back()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = b.HangAfter(3);
        var first = run.Open(a.Node(), b.Node());
        await hanging.WaitAsync(HandRun.Bound);

        b.Kill();
        a.Stored();
        run.IsFaithful(a);
        var lost = run.OriginReport(report => report.FailedLinks.Count > 0);
        Assert.Equal((first.Epoch, "b"), (lost.Epoch, Assert.Single(lost.FailedLinks).Destination.ToString()));
        var second = run.Open(b.Node());

        b.Stored();
        run.IsFaithful(b);
        Assert.Empty(run.OriginReport(report => report.Epoch == second.Epoch).FailedLinks);
    }

    [Fact]
    public void One_that_cannot_be_dialled_is_named_in_its_epoch_and_the_others_are_served()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        var a = run.Destination("a");
        var first =
            run.NextPlan(a.Node(), new PlanNode(NodeName.Parse("nobody"), NodeAddress.Parse("127.0.0.1:1"), []));
        run.Prepare(first);
        run.Deliver(first);

        var failed = run.OriginReport(report => report.FailedLinks.Count > 0);
        Assert.Equal((first.Epoch, "nobody"), (failed.Epoch, Assert.Single(failed.FailedLinks).Destination.ToString()));
        a.Stored();
        run.IsFaithful(a);
        var second = run.NextPlan();
        run.Deliver(second);
        Assert.Empty(run.OriginReport(report => report.Epoch == second.Epoch).FailedLinks);
    }

    [Fact]
    public async Task One_that_a_newer_plan_leaves_out_while_it_is_dialled_is_let_go_and_holds_nobody_up()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var mute = new HandChild("mute");
        var a = run.Destination("a");
        var first = run.NextPlan(a.Node(), mute.Node);
        run.Prepare(first);
        run.Deliver(first);
        await mute.Accepted;

        var second = run.Open(a.Node());

        await mute.CutAsync();
        a.Stored();
        run.IsFaithful(a);
        Assert.Empty(run.OriginReport(report => report.Epoch == second.Epoch).FailedLinks);
    }

    [Fact]
    public async Task One_that_is_still_dialled_for_an_older_plan_is_dialled_again_for_the_newer_one()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var mute = new HandChild("mute");
        var a = run.Destination("a");
        var first = run.NextPlan(a.Node(), mute.Node);
        run.Prepare(first);
        run.Deliver(first);
        await mute.Accepted;

        // Who is told of it first would refuse the older epoch's greeting.
        run.Open(a.Node(), mute.Node);

        await mute.CutAsync();
        await Until.TrueAsync(() => mute.Greetings.Count == 2);
        Assert.Equal([1L, 2L], mute.Greetings.Select(hello => hello.Epoch.Number));
    }

    [Fact]
    public void An_older_plan_is_not_taken_up()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var stranger = new HandChild("stranger");
        var a = run.Destination("a");
        var older = run.NextPlan(stranger.Node);
        var newer = run.NextPlan(a.Node());
        run.Prepare(newer);

        run.Deliver(newer);
        run.Deliver(older);

        Assert.Equal(newer.Epoch, run.OriginReport(_ => true).Epoch);
        a.Stored();
        run.IsFaithful(a);
        Assert.Equal(newer.Epoch, run.OriginReport(_ => true).Epoch);
        Assert.False(stranger.Accepted.IsCompleted);
    }

    [Fact]
    public async Task One_that_claims_more_than_there_is_is_cut_and_the_others_are_served()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var liar = new HandChild("liar");
        var a = run.Destination("a");
        var plan = run.NextPlan(a.Node(), liar.Node);
        run.Prepare(plan);
        run.Deliver(plan);

        await liar.WelcomeAsync(firstPage: 7);

        Assert.Contains("claims to have 7 pages",
            Assert.Single(run.OriginReport(report => report.FailedLinks.Count > 0).FailedLinks).Reason.ToString(),
                StringComparison.Ordinal);
        await liar.CutAsync();
        a.Stored();
        run.IsFaithful(a);
    }
}
