using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;

namespace BackupDistribuido.Web.Metrics;

/// <summary>Collects a coordinator's events, from any thread; the renderer reads <see cref="State"/>.</summary>
public sealed class MetricsFeed(TimeProvider clock)
{
    private MetricsState _state = MetricsState.Empty;

    /// <summary>When the coordinator was started.</summary>
    public DateTimeOffset Started { get; } = clock.GetUtcNow();

    /// <summary>The current sum of the events.</summary>
    public MetricsState State => Volatile.Read(ref _state);

    /// <summary>Something happened, now.</summary>
    public void Add(NodeEvent happened)
    {
        var time = clock.GetUtcNow();
        Change(state => state.After(happened, time));
    }

    /// <summary>The record knows these runs, its newest.</summary>
    public void Remember(IReadOnlyList<RunHistory> runs) => Change(state => state.Remembering(runs));

    private void Change(Func<MetricsState, MetricsState> change)
    {
        for (MetricsState before, seen = State; ;)
        {
            before = seen;
            seen = Interlocked.CompareExchange(ref _state, change(before), before);
            if (ReferenceEquals(seen, before)) return;
        }
    }
}
