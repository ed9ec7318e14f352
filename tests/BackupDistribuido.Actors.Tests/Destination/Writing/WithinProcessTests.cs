using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Transfer.Links.InProcess;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>Runs whose nodes are all of one process: the same trees, needs and ends as over sockets.</summary>
public sealed class WithinProcessTests() : TestKit(HandRun.Config)
{
    [Theory]
    [InlineData("star")]
    [InlineData("chain")]
    public void Each_has_the_tree_that_was_sealed(string shape)
    {
        using var run = new HandRun(this, SampleFiles.EveryKindAndMore, within: new ProcessLinks());
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        run.Open(shape == "star" ? [a.Node(), b.Node()] : [a.Node(b.Node())]);
        foreach (var destination in new[] { a, b })
        {
            destination.Stored();
            run.IsFaithful(destination);
            Assert.Equal(run.Files.Order(StringComparer.Ordinal),
                destination.StoredFiles.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Who_joins_later_is_sent_what_it_lacks_and_the_other_keeps_what_it_has()
    {
        using var run = new HandRun(this, SampleFiles.EveryKindAndMore, within: new ProcessLinks());
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(1200);
        run.Open(a.Node());
        await hanging.WaitAsync(HandRun.Bound);

        var plan = run.NextPlan(a.Node(b.Node()));
        run.Prepare(plan);
        a.Thaw();
        run.Deliver(plan);

        foreach (var destination in new[] { a, b })
        {
            destination.Stored();
            run.IsFaithful(destination);
        }
    }

    [Fact]
    public async Task A_file_that_has_changed_since_is_given_to_nobody_as_what_it_was()
    {
        using var run = new HandRun(this, folder =>
        {
            SampleFiles.EveryKindAndMore(folder);
            File.WriteAllText(Path.Combine(folder, "0"), "before");
        }, within: new ProcessLinks());
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(1200);
        run.Open(a.Node());
        await hanging.WaitAsync(HandRun.Bound);
        // Its page is final by now, and whatever it is later, b is not given it as this.
        File.WriteAllText(Path.Combine(run.Source, "0"), "behind");

        var plan = run.NextPlan(a.Node(), b.Node());
        run.Prepare(plan);
        a.Thaw();
        run.Deliver(plan);

        a.Stored();
        Assert.Equal("before", File.ReadAllText(Path.Combine(a.Published, "0")));
        b.Report(report => report.LostLink is not null);
        Assert.False(Path.Exists(Path.Combine(b.Staged, "tree", "0")));
    }
}
