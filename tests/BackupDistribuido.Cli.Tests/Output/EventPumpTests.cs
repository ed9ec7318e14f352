using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Cli.Tests.Output;

public sealed class EventPumpTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Events_come_in_order_and_none_is_lost_on_a_reader_that_reads()
    {
        var view = new SlowView();
        var pump = new EventPump(view, TimeProvider.System);
        view.Gate.Set();
        for (var i = 0; i < 20_000; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        await pump.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"{i}"), view.Seen);
        Assert.True(view.Closed);
        Assert.False(pump.GaveUp);
    }

    [Fact]
    public async Task A_stalled_reader_makes_nobody_wait_and_is_told_how_much_it_missed()
    {
        var view = new SlowView();
        var pump = new EventPump(view, TimeProvider.System);
        const int all = EventPump.Capacity + 5_000;
        var reporting = Task.Run(() =>
        {
            for (var i = 0; i < all; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        });
        Assert.Same(reporting, await Task.WhenAny(reporting, Task.Delay(10_000)));
        view.Gate.Set();
        await pump.DisposeAsync();
        Assert.InRange(view.MissedCount, 4_900, 5_000);
        Assert.Equal(all,
            view.Seen.Count(line => !line.StartsWith("missed", StringComparison.Ordinal)) + view.MissedCount);
        // What was there before the gap comes before it is named.
        Assert.Equal("0", view.Seen[0]);
    }

    [Fact]
    public async Task The_result_has_room_where_nothing_else_has()
    {
        var view = new SlowView();
        var pump = new EventPump(view, TimeProvider.System);
        for (var i = 0; i < EventPump.Capacity + 100; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        pump.Report(Happenings.Finished());
        view.Gate.Set();
        await pump.DisposeAsync();
        Assert.Equal("missed", view.Seen[^2][..6]);
        Assert.Equal(nameof(RunFinished), view.Seen[^1]);
    }

    [Fact]
    public async Task What_the_view_may_leave_out_is_not_counted()
    {
        var view = new SlowView { Drops = true };
        var pump = new EventPump(view, TimeProvider.System);
        for (var i = 0; i < EventPump.Capacity + 5_000; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        view.Gate.Set();
        await pump.DisposeAsync();
        Assert.Equal(0, view.MissedCount);
        Assert.InRange(view.Seen.Count, 1, EventPump.Capacity + 1);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_left_alone_at_the_end()
    {
        var view = new SlowView();
        var pump = new EventPump(view, TimeProvider.System, patience: Moment);
        for (var i = 0; i < 10; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        await pump.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.True(pump.GaveUp);
        await pump.DisposeAsync();
        view.Gate.Set();
    }

    [Fact]
    public async Task A_slow_reader_still_gets_the_result()
    {
        var view = new SlowView { Pause = TimeSpan.FromMilliseconds(20) };
        view.Gate.Set();
        var pump = new EventPump(view, TimeProvider.System, patience: Moment);
        for (var i = 0; i < 5_000; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        pump.Report(Happenings.Finished());
        await pump.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(nameof(RunFinished), view.Seen[^1]);
        Assert.True(view.MissedCount > 4_000);
        Assert.True(view.Closed);
    }

    [Fact]
    public async Task A_reader_that_comes_back_is_told_how_much_it_missed()
    {
        var view = new SlowView { Broken = true };
        view.Gate.Set();
        var pump = new EventPump(view, TimeProvider.System);
        for (var i = 0; i < 20; i++) pump.Report(new Warned(Reason.Text($"{i}")));
        for (var tries = 0; Volatile.Read(ref view.Failures) < 20 && tries < 1000; tries++) await Task.Delay(5);
        view.Broken = false;
        pump.Report(new Warned(Reason.Text("there again")));
        await pump.DisposeAsync();
        Assert.Equal(["missed 20", "there again"], view.Seen);
        pump.Report(new Warned(Reason.Text("after the end")));
    }

    private sealed class SlowView : IEventView
    {
        public ManualResetEventSlim Gate { get; } = new();
        public List<string> Seen { get; } = [];
        public bool Drops { get; init; }
        public TimeSpan Pause { get; init; }
        public volatile bool Broken;
        public int Failures;
        public long MissedCount { get; private set; }
        public bool Closed { get; private set; }

        public bool Shows(NodeEvent happened) => true;

        public bool MayDrop(NodeEvent happened) => Drops;

        public void Show(NodeEvent happened, DateTimeOffset time)
        {
            Gate.Wait();
            if (Broken)
            {
                Interlocked.Increment(ref Failures);
                throw new IOException("gone");
            }
            if (Pause > TimeSpan.Zero) Thread.Sleep(Pause);
            Seen.Add(happened is Warned warned ? warned.Message.ToString() : happened.GetType().Name);
        }

        public void Missed(long count, DateTimeOffset time)
        {
            if (Broken) throw new IOException("gone");
            MissedCount += count;
            Seen.Add($"missed {count}");
        }

        public void Flush() { }

        public void Restore() { }

        public void Dispose() => Closed = true;
    }
}
