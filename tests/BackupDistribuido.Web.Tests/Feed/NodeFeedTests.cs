using System.Diagnostics;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Tests.Feed;

public sealed class NodeFeedTests
{
    private static readonly FileStored File = new(TreePath.FromBytes("a/b"u8), 10, 2);

    private readonly HandClock _clock = new();

    private NodeFeed Of(NodeRole role, HandQueries? queries = null) =>
        new(role, "x", _clock, queries ?? new HandQueries());

    [Fact]
    public void What_is_read_is_one_value_for_all_within_a_pace()
    {
        var feed = Of(NodeRole.Origin);
        var first = feed.Current;

        feed.Report(new Warned(Reason.Text("one")));
        Assert.Same(first, feed.Current);
        _clock.Now += NodeFeed.Pace;
        var second = feed.Current;

        Assert.Equal(new Warned(Reason.Text("one")), Assert.Single(second.Events).Event);
        Assert.Empty(first.Events);
        _clock.Now += NodeFeed.Pace;
        Assert.Same(second, feed.Current);
    }

    [Fact]
    public void It_stays_bounded_and_cheap_however_much_happens()
    {
        var feed = Of(NodeRole.Origin);
        var begun = Stopwatch.GetTimestamp();

        for (var i = 0; i < 200_000; i++) feed.Report(File);
        for (var i = 0; i < 1000; i++) feed.Report(new EntrySkipped(File.Path, Omission.Changed));
        for (var i = 0; i < 1000; i++) feed.Report(new Warned(Reason.Text($"{i}")));
        _clock.Now += NodeFeed.Pace;
        var state = feed.Current;

        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5));
        Assert.Equal(NodeState.MostEvents, state.Events.Length);
        Assert.Equal(new Warned(Reason.Text("999")), state.Events[0].Event);
        Assert.Equal(OwnState.MostFiles, state.Own.Files.Length);
        Assert.Equal(OwnState.MostSkipped, state.Own.Skipped.Length);
        Assert.Equal((200_000, 1000), (state.Own.FilesVerified, state.Own.SkippedCount));
    }

    [Fact]
    public void Many_pages_share_what_few_would_get()
    {
        var feed = Of(NodeRole.Coordinator);
        var pages = Enumerable.Range(0, 20).Select(_ => feed.Open()).ToList();

        Assert.Equal(5 * NodeFeed.Pace, feed.PageWait);
        foreach (var page in pages)
        {
            page.Dispose();
            page.Dispose();
        }
        Assert.Equal(NodeFeed.Pace, feed.PageWait);
    }

    [Fact]
    public async Task A_link_is_as_fast_as_what_it_brings()
    {
        var received = 0L;
        var queries = new HandQueries();
        var run = SampleStatus.Run("db", RunPhase.Copying, 0, 1, 0, 1 << 30);
        var nas = NodeName.Parse("nas");
        queries.Status = () =>
            SampleStatus.Nobody with
            {
                Runs = [run with { Members = [new RunMemberStatus(nas, MemberStanding.Copying,
                Reason.None, run.Origin, 0, received, 0)] }]
            };
        await using var feed = Of(NodeRole.Coordinator, queries);

        for (var i = 0; i < 4; i++)
        {
            await feed.AskAsync();
            _clock.Now += TimeSpan.FromSeconds(1);
            received += 5000;
        }
        await feed.AskAsync();

        Assert.Equal(5000, feed.Current.Speed(run.Run, nas), 1.0);
        queries.Status = () => SampleStatus.Nobody;
        _clock.Now += TimeSpan.FromSeconds(1);
        await feed.AskAsync();
        Assert.Empty(feed.Current.Speeds);
    }

    [Fact]
    public async Task A_page_opens_with_what_is_true_now_not_with_what_was_when_somebody_looked_last()
    {
        var queries = new HandQueries { Status = () => SampleStatus.OneOfEach };
        await using var feed = Of(NodeRole.Coordinator, queries);
        await feed.AskWhereStaleAsync();
        queries.Status = () => SampleStatus.Failed;

        // Many pages that open at once ask once.
        await feed.AskWhereStaleAsync();
        Assert.Same(SampleStatus.OneOfEach, feed.Current.Cluster);
        _clock.Now += TimeSpan.FromMinutes(1);
        await feed.AskWhereStaleAsync();

        Assert.Same(SampleStatus.Failed, feed.Current.Cluster);
    }

    [Fact]
    public void A_destination_says_of_each_run_how_far_it_is_until_it_is_over()
    {
        var feed = Of(NodeRole.Destination);
        var (run, other) = (SampleStatus.Run("db", RunPhase.Copying, 0, 1, 0, 1000),
            SampleStatus.Run("mail", RunPhase.Copying, 0, 1, 0, 1000) with { Run = RunId.New() });
        foreach (var (of, done) in new[] { (run, 10), (other, 20), (run, 30) })
            feed.Report(new ReceptionProgress(of.Origin, of.Snapshot, of.Run,
                new CopyProgress(done, 1000, MemberStanding.Copying)));

        Assert.Equal([20L, 30L], feed.Current.Own.Receptions.Select(one => one.Copy.Done));
        Assert.Empty(feed.Current.Events);

        feed.Report(new ReceptionEnded(run.Origin, run.Snapshot, run.Run, null));
        _clock.Now += NodeFeed.Pace;
        Assert.Equal(other.Run, Assert.Single(feed.Current.Own.Receptions).Run);
    }

    [Fact]
    public void What_the_record_says_of_earlier_lives_stands_before_what_happens()
    {
        var feed = Of(NodeRole.Coordinator);

        feed.Recall([new EventHistory(SampleStatus.Now.AddDays(-1), new Warned(Reason.Text("before"))),
            new EventHistory(SampleStatus.Now.AddDays(-2), new Recalled("joined", "first"))]);
        feed.Report(new Warned(Reason.Text("now")));

        Assert.Equal([new Warned(Reason.Text("now")), new Warned(Reason.Text("before")),
            new Recalled("joined", "first")],
            feed.Current.Events.Select(line => line.Event));
        Assert.Equal(SampleStatus.Now.AddDays(-2), feed.Current.Events[2].Time);
    }

    [Fact]
    public void Threads_may_report_while_others_read()
    {
        var feed = new NodeFeed(NodeRole.Destination, "x", TimeProvider.System, new HandQueries());

        Parallel.For(0, 8, i =>
        {
            for (var n = 0; n < 20_000; n++)
            {
                if (i % 2 == 0) feed.Report(File);
                else Assert.InRange(feed.Current.Own.Files.Length, 0, OwnState.MostFiles);
            }
        });
    }

    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = SampleStatus.Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
