using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Tests.Output;

public sealed class EventPumpTests
{
    [Fact]
    public async Task A_slow_reader_loses_nothing_and_keeps_the_order()
    {
        var view = new SlowView { Drops = false };
        var pump = new EventPump(view, TimeProvider.System);
        view.Gate.Set();
        await Task.Run(() => { for (var i = 0; i < 20_000; i++) pump.Report(new Warned($"{i}")); });
        await pump.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"{i}"), view.Seen);
        Assert.True(view.Closed);
    }

    [Fact]
    public async Task What_may_be_dropped_never_makes_its_reporter_wait()
    {
        var view = new SlowView { Drops = true };
        var pump = new EventPump(view, TimeProvider.System);
        for (var i = 0; i < 20_000; i++) pump.Report(new Warned($"{i}"));
        view.Gate.Set();
        await pump.DisposeAsync();
        Assert.InRange(view.Seen.Count, 1, 10_000);
    }

    [Fact]
    public async Task A_reader_that_went_away_stops_nothing()
    {
        var view = new SlowView { Broken = true };
        view.Gate.Set();
        var pump = new EventPump(view, TimeProvider.System);
        for (var i = 0; i < 20_000; i++) pump.Report(new Warned($"{i}"));
        await pump.DisposeAsync();
        Assert.Empty(view.Seen);
        pump.Report(new Warned("after the end"));
    }

    private sealed class SlowView : IEventView
    {
        public ManualResetEventSlim Gate { get; } = new();
        public List<string> Seen { get; } = [];
        public bool Drops { get; init; }
        public bool Broken { get; init; }
        public bool Closed { get; private set; }

        public bool Shows(NodeEvent happened) => true;

        public bool MayDrop(NodeEvent happened) => Drops;

        public void Show(NodeEvent happened, DateTimeOffset time)
        {
            Gate.Wait();
            if (Broken) throw new IOException("gone");
            Seen.Add(((Warned)happened).Message);
        }

        public void Flush() { }

        public void Restore() { }

        public void Dispose() => Closed = true;
    }
}
