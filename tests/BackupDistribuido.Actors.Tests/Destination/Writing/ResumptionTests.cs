using Akka.Actor;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>A destination whose life ends in the middle of a run, and its next one on the same ROOT.</summary>
public sealed class ResumptionTests() : TestKit(HandRun.Config)
{
    private const int Files = 3000;

    [Fact]
    public async Task The_next_life_receives_only_what_is_not_whole()
    {
        using var run = new HandRun(this, Fill);
        var a = run.Destination("a");
        var stopped = a.HangAfter(2100);
        run.Open(a.Node());
        await stopped.WaitAsync(HandRun.Bound);
        a.Kill();
        await a.Work.ClosedAsync();
        // However far the last page came: a power cut has taken the last file with it.
        File.Delete(Path.Combine(a.Staged, "tree", $"f{Files - 1}"));
        var before = a.StoredFiles.Count;

        run.Open(a.Node());
        a.Stored();

        run.IsFaithful(a);
        // Two pages of 1,024 entries were whole; of the third nothing counts.
        var resumed = Assert.Single(a.Said.OfType<ReplicaResumed>());
        Assert.Equal(2 * 1024, resumed.Kept.Entries);
        Assert.Equal(Files - resumed.Kept.Files, a.StoredFiles.Count - before);
    }

    [Fact]
    public async Task What_is_staged_stays_for_the_next_run_also_when_this_one_is_over()
    {
        using var run = new HandRun(this, Fill);
        var a = run.Destination("a");
        var stopped = a.HangAfter(1500);
        run.Open(a.Node());
        await stopped.WaitAsync(HandRun.Bound);
        a.Kill();
        await a.Work.ClosedAsync();
        Assert.True(File.Exists(Path.Combine(a.Staged, "draft")));
        Assert.Equal(HandLink.Origin, Assert.Single(a.Work.AbandonedStaging.Known(9)).Origin);

        run.Prepare(run.NextPlan(a.Node()));
        Assert.Empty(a.Work.AbandonedStaging.Known(9));
        Watch(a.Writer!);
        a.Writer!.Tell(new RunOver(run.Run, null));
        ExpectTerminated(a.Writer, HandRun.Bound);
        await a.Work.ClosedAsync();
        Assert.True(File.Exists(Path.Combine(a.Staged, "draft")));
        Assert.Equal(HandLink.Origin, Assert.Single(a.Work.AbandonedStaging.Known(9)).Origin);
    }

    [Fact]
    public async Task A_run_that_ends_while_it_is_read_again_harms_nothing()
    {
        using var run = new HandRun(this, Fill);
        var a = run.Destination("a");
        var stopped = a.HangAfter(1500);
        run.Open(a.Node());
        await stopped.WaitAsync(HandRun.Bound);
        a.Kill();
        await a.Work.ClosedAsync();

        // Somebody else is at it: the writer waits, until its run is over.
        using (await a.Work.Claims.TakeAsync(HandLink.Origin, CancellationToken.None))
        {
            a.Prepare(run.NextPlan(a.Node()));
            Watch(a.Writer!);
            a.Writer!.Tell(new RunOver(run.Run, null));
            ExpectTerminated(a.Writer, HandRun.Bound);
            Assert.True(Directory.Exists(a.Staged));
        }
        await a.Work.ClosedAsync();
        Assert.True(File.Exists(Path.Combine(a.Staged, "draft")));
    }

    [Fact]
    public async Task Leftovers_go_by_the_rule_but_not_while_they_are_written()
    {
        using var run = new HandRun(this, Fill);
        var a = run.Destination("a");
        var stopped = a.HangAfter(1500);
        run.Open(a.Node());
        await stopped.WaitAsync(HandRun.Bound);
        var rule = new Core.Retention.StagingRule(TimeSpan.Zero, 1);
        a.Work.AbandonedStaging.Apply(rule, _ => { }, CancellationToken.None);
        Assert.True(Directory.Exists(a.Staged));

        a.Kill();
        await a.Work.ClosedAsync();
        var said = new List<NodeEvent>();
        a.Work.AbandonedStaging.Apply(rule, said.Add, CancellationToken.None);
        Assert.False(Directory.Exists(a.Staged));
        Assert.Contains(HandLink.Id.ToString(), Assert.IsType<Warned>(Assert.Single(said)).Message.ToString(),
            StringComparison.Ordinal);
        Assert.Empty(a.Work.AbandonedStaging.Known(9));
    }

    private static void Fill(string source)
    {
        for (var i = 0; i < Files; i++) File.WriteAllText(Path.Combine(source, $"f{i:0000}"), $"content of {i}");
    }
}
