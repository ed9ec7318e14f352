using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>Plans that are deeper than a star: what a destination receives it stores and forwards.</summary>
public sealed class ForwardingTests() : TestKit(HandRun.Config)
{
    /// <summary>A child that takes nothing is given up soon; everything else may take its time.</summary>
    private static readonly LinkDeadlines Short =
        new() { Silence = TimeSpan.FromSeconds(2), Progress = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData("a b")]
    [InlineData("a b c")]
    [InlineData("a (b c)")]
    [InlineData("a (b c (d e)) f")]
    public void Every_shape_ends_with_the_same_tree_everywhere(string shape)
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        var destinations =
            shape.Where(char.IsLetter).ToDictionary(letter => letter, letter => run.Destination($"{letter}"));
        var plan = run.Open(shape switch
        {
            "a b" => [destinations['a'].Node(destinations['b'].Node())],
            "a b c" => [destinations['a'].Node(destinations['b'].Node(destinations['c'].Node()))],
            "a (b c)" => [destinations['a'].Node(destinations['b'].Node(), destinations['c'].Node())],
            _ => [destinations['a']
                .Node(destinations['b'].Node(),
                    destinations['c'].Node(destinations['d'].Node(), destinations['e'].Node())), destinations['f']
                        .Node()],
        });
        foreach (var destination in destinations.Values)
        {
            destination.Stored();
            run.IsFaithful(destination);
            Assert.All(destination.Reports, report => Assert.Empty(report.FailedLinks));
        }
        Assert.Empty(run.OriginReport(report => report.Seal is not null).FailedLinks);
        Assert.Equal(destinations.Count, plan.Receivers().Count());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task Each_is_sent_what_it_lacks_and_never_what_it_has(string early)
    {
        using var run = new HandRun(this, SampleFiles.EveryKindAndMore);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var first = early == "a" ? a : b;
        var hanging = first.HangAfter(1200);
        run.Open(first.Node());
        await hanging.WaitAsync(HandRun.Bound);

        var plan = run.NextPlan(a.Node(b.Node()));
        run.Prepare(plan);
        first.Thaw();
        run.Deliver(plan);

        foreach (var destination in new[] { a, b })
        {
            destination.Stored();
            run.IsFaithful(destination);
            Assert.Equal(run.Files.Order(StringComparer.Ordinal),
                destination.StoredFiles.Order(StringComparer.Ordinal));
        }
        Assert.DoesNotContain(a.Reports, report => report.FailedLinks.Count > 0);
    }

    [Fact]
    public async Task A_link_that_comes_when_nothing_is_lacked_any_more_is_answered()
    {
        using var run = new HandRun(this, source =>
        {
            for (var i = 0; i < 9; i++) File.WriteAllText(Path.Combine(source, $"f{i}"), "small");
        });
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(3);
        run.Open(a.Node());
        await hanging.WaitAsync(HandRun.Bound);
        run.OriginReport(report => report.Seal is not null);

        var plan = run.NextPlan(a.Node(b.Node()));
        run.Prepare(plan);
        run.Deliver(plan);
        // The old link is open while the disk hangs, so the new one waits for it.
        run.OriginReport(report => report.Epoch == plan.Epoch);
        a.Thaw();

        a.Stored();
        // Or the new link came to be: the old one's end was still on its way.
        var told = run.OriginReport(report => report.FailedLinks.Count > 0 || Directory.Exists(b.Published));
        Assert.DoesNotContain(told.FailedLinks,
            link => link.Reason.ToString().Contains("did not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_whose_disk_hangs_is_given_up_and_its_parent_finishes()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a", Short), run.Destination("b"));
        var hanging = b.HangAfter(3);

        run.Open(a.Node(b.Node()));

        await hanging.WaitAsync(HandRun.Bound);
        Assert.Equal("b", Assert.Single(StoredAndTold(a).FailedLinks).Destination.ToString());
        run.IsFaithful(a);
        Assert.Empty(run.OriginReport(_ => true).FailedLinks);
    }

    [Fact]
    public async Task A_child_that_dies_midway_does_not_stop_its_parent_and_leaves_no_copy()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = b.HangAfter(3);
        run.Open(a.Node(b.Node()));
        await hanging.WaitAsync(HandRun.Bound);

        b.Kill();

        Assert.Equal("b", Assert.Single(StoredAndTold(a).FailedLinks).Destination.ToString());
        run.IsFaithful(a);
        Assert.False(Directory.Exists(b.Published));
    }

    [Fact]
    public async Task A_child_that_freezes_is_given_up_with_what_it_would_need()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        using var frozen = new HandChild("frozen");
        var a = run.Destination("a", Short);
        var plan = run.NextPlan(a.Node(frozen.Node));
        run.Prepare(plan);
        run.Deliver(plan);

        await frozen.WelcomeAsync();

        Assert.Equal(frozen.Name, Assert.Single(StoredAndTold(a).FailedLinks).Destination);
        run.IsFaithful(a);
        await frozen.CutAsync();
    }

    [Fact]
    public void A_child_that_cannot_be_reached_is_told_and_its_parent_and_sibling_go_on()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var nobody = new PlanNode(NodeName.Parse("nobody"), NodeAddress.Parse("127.0.0.1:1"), []);

        var plan = run.NextPlan(a.Node(nobody, b.Node()));
        run.Prepare(plan);
        run.Deliver(plan);

        Assert.Equal(nobody.Name, Assert.Single(StoredAndTold(a).FailedLinks).Destination);
        b.Stored();
        run.IsFaithful(a);
        run.IsFaithful(b);
    }

    [Fact]
    public async Task Where_a_child_answers_late_because_of_its_own_child_only_that_one_is_told()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var mute = new HandChild("mute");
        var impatient = new LinkDeadlines { Greeting = TimeSpan.FromSeconds(3) };
        var (a, b) = (run.Destination("a", impatient), run.Destination("b", impatient));
        var plan = run.NextPlan(a.Node(b.Node(mute.Node)));
        run.Prepare(plan);
        run.Deliver(plan);
        await mute.Accepted;

        a.Stored();
        Assert.Equal(mute.Name, Assert.Single(StoredAndTold(b).FailedLinks).Destination);
        run.IsFaithful(a);
        run.IsFaithful(b);
        Assert.DoesNotContain(a.Reports, report => report.FailedLinks.Count > 0);
    }

    [Fact]
    public async Task A_parent_that_dies_midway_leaves_its_child_whole_for_the_next_plan()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(3);
        run.Open(a.Node(b.Node()));
        await hanging.WaitAsync(HandRun.Bound);
        await Until.TrueAsync(() => b.StoredFiles.Count >= 3);

        a.Kill();
        Assert.True(Directory.Exists(b.Staged));
        Assert.False(Directory.Exists(b.Published));
        run.Open(b.Node());

        b.Stored();
        run.IsFaithful(b);
        Assert.Equal(run.Files.Order(StringComparer.Ordinal), b.StoredFiles.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(b.Reports, report => report.Phase == ReplicaPhase.Failed);
        Assert.False(Directory.Exists(a.Published));
    }

    [Fact]
    public async Task An_origin_that_dies_is_no_failing_of_anyone_below()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = b.HangAfter(3);
        run.Open(a.Node(b.Node()));
        await hanging.WaitAsync(HandRun.Bound);

        run.KillOrigin();
        b.Thaw();
        run.Open(a.Node(b.Node()));

        a.Stored();
        b.Stored();
        run.IsFaithful(a);
        run.IsFaithful(b);
        Assert.DoesNotContain(a.Reports, report => report.FailedLinks.Count > 0);
    }

    [Fact]
    public async Task A_plan_without_a_lost_child_leaves_the_parents_link_open()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(3);
        run.Open(a.Node(b.Node()));
        await hanging.WaitAsync(HandRun.Bound);
        b.Kill();
        a.Report(report => report.FailedLinks.Count > 0);

        run.Open(a.Node());
        a.Thaw();

        Assert.Empty(a.Stored().FailedLinks);
        run.IsFaithful(a);
        Assert.Empty(run.OriginReport(_ => true).FailedLinks);
    }

    [Fact]
    public async Task A_child_that_moves_to_another_parent_is_no_failing_of_the_old_one_nor_its_own()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = new[] { a.HangAfter(3), b.HangAfter(3) };
        run.Open(a.Node(b.Node()));
        await Task.WhenAll(hanging).WaitAsync(HandRun.Bound);

        var plan = run.NextPlan(a.Node(), b.Node());
        run.Prepare(plan);
        a.Thaw();
        b.Thaw();
        run.Deliver(plan);

        a.Stored();
        b.Stored();
        run.IsFaithful(a);
        run.IsFaithful(b);
        Assert.DoesNotContain(a.Reports, report => report.FailedLinks.Count > 0);
        Assert.Empty(run.OriginReport(_ => true).FailedLinks);
    }

    [Fact]
    public async Task Where_a_new_plan_overtakes_the_dialling_no_child_is_left_waiting_or_blamed()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var quick = new HandChild("quick");
        using var mute = new HandChild("mute");
        var a = run.Destination("a");
        var plan = run.NextPlan(a.Node(quick.Node, mute.Node));
        run.Prepare(plan);
        run.Deliver(plan);
        await quick.WelcomeAsync();
        await mute.Accepted;

        run.Open(a.Node(run.Destination("b").Node()));

        await quick.CutAsync();
        await mute.CutAsync();
        a.Stored();
        run.IsFaithful(a);
        Assert.DoesNotContain(a.Reports, report => report.FailedLinks.Count > 0);
    }

    /// <summary>A child's end may be known before or after the own one.</summary>
    private static ReplicaReport StoredAndTold(HandDestination destination) =>
        destination.Report(report => report is { Phase: ReplicaPhase.Stored, FailedLinks.Count: > 0 });
}
