using System.Collections.Immutable;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Web.Feed;

/// <summary>
/// Stands between a node and its pages. The node reports events from any thread, at almost no cost; pages read
/// <see cref="Current"/>, an immutable value. Neither ever waits for the other, and everything kept is bounded.
/// </summary>
public sealed class NodeFeed : IAsyncDisposable
{
    /// <summary>Shortest time between two updates of a page; longer if many pages are open.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Though nothing is reported, ages grow, speeds fall and disks fill.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskPace = TimeSpan.FromMilliseconds(500);

    /// <summary>Number of pages that are updated at the full pace.</summary>
    private const int PagesAtFullPace = 4;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly NodeRole _role;
    private readonly INodeQueries _queries;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _asking;
    private readonly Queue<EventLine> _events = new();
    private readonly Dictionary<(RunId, NodeName), Throughput> _rates = [];
    private ImmutableArray<EventLine> _shown = [];
    private OwnModel _own = new();
    private string _name;
    private ClusterStatus? _cluster;
    private DateTimeOffset _asked;
    private Reason? _problem;
    private long _count;
    private bool _isNews = true;
    private int _pages;
    private NodeState? _current;

    /// <summary>Of a node, which answers questions at <paramref name="queries"/>.</summary>
    public NodeFeed(NodeRole role, string name, TimeProvider clock, INodeQueries queries)
    {
        (_role, _name, _clock, _queries, _began) = (role, name, clock, queries, clock.GetTimestamp());
        _asking = role == NodeRole.Coordinator ? PollAsync() : Task.CompletedTask;
    }

    /// <summary>The node's current state; the same value for all readers within one <see cref="Pace"/>.</summary>
    public NodeState Current
    {
        get
        {
            lock (_gate)
            {
                var now = _clock.GetUtcNow();
                if (_current is not null && now - _current.Time < (_isNews ? Pace : Stale)) return _current;
                _isNews = false;
                return _current = new NodeState(_role, _name, now, _cluster, _problem, EventsNow(), _own.Now)
                {
                    Speeds = _rates.ToImmutableDictionary(rate => rate.Key, rate => rate.Value.At(Elapsed) ?? 0),
                };
            }
        }
    }

    /// <summary>How long a page waits before it looks again: many pages share what few would get.</summary>
    public TimeSpan PageWait => Pace * Math.Max(1, (double)Volatile.Read(ref _pages) / PagesAtFullPace);

    /// <summary>What its page may ask it to do; null at a coordinator.</summary>
    public INodeControl? Control { get; init; }

    /// <summary>Accepts an event. From any thread; never waits for a page.</summary>
    public void Report(NodeEvent happened)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            _own.Apply(happened);
            _isNews = true;
            if (happened is FileStored or ProgressEvent or EntrySkipped) return;
            Keep(now, happened);
        }
    }

    /// <summary>What its record says of its earlier lives, the last event first. Before anything is reported.</summary>
    public void Recall(IReadOnlyList<EventHistory> events)
    {
        lock (_gate)
        {
            foreach (var earlier in events.Reverse())
                Keep(earlier.Time, earlier.Event);
        }
    }

    /// <summary>The same value as long as nothing is added, so that a page can tell that nothing has changed.</summary>
    private ImmutableArray<EventLine> EventsNow() =>
        (_shown.FirstOrDefault()?.Number ?? 0) == _count ? _shown : _shown = [.. _events.Reverse()];

    private void Keep(DateTimeOffset time, NodeEvent happened)
    {
        _events.Enqueue(new EventLine(++_count, time, happened));
        if (_events.Count > NodeState.MostEvents) _events.Dequeue();
    }

    /// <summary>The node starts again, under that name; its events stay.</summary>
    public void Restart(string name)
    {
        lock (_gate) (_own, _name, _isNews) = (new OwnModel(), name, true);
    }

    /// <summary>Something besides its events has changed.</summary>
    public void Touch()
    {
        lock (_gate) _isNews = true;
    }

    /// <summary>A page is open until the result is disposed of.</summary>
    public IDisposable Open() => new OpenPage(this);

    /// <inheritdoc cref="INodeQueries.FilesAsync"/>
    public Task<FilePage> FilesAsync(FilesOf whose, FileQuery query, CancellationToken cancel) =>
        _queries.FilesAsync(whose, query, cancel);

    /// <inheritdoc cref="INodeQueries.RunsAsync"/>
    public Task<RunsOfRecord> RunsAsync(int most, CancellationToken cancel) => _queries.RunsAsync(most, cancel);

    /// <summary>As <see cref="AskAsync"/>, unless it was asked a moment ago.</summary>
    public Task AskWhereStaleAsync()
    {
        lock (_gate)
        {
            if (_cluster is not null && _clock.GetUtcNow() - _asked < 2 * AskPace) return Task.CompletedTask;
        }
        return AskAsync();
    }

    /// <summary>
    /// Asks the coordinator now; its answer, or the reason for none, is in <see cref="Current"/> afterwards.
    /// </summary>
    public async Task AskAsync()
    {
        var (cluster, problem) = ((ClusterStatus?)null, (Reason?)null);
        try
        {
            cluster = await _queries.StatusAsync(_end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_end.IsCancellationRequested)
        {
            problem = Reason.Of(e);
        }
        lock (_gate)
        {
            (_cluster, _problem, _isNews, _asked) = (cluster ?? _cluster, problem, true, _clock.GetUtcNow());
            if (cluster is not null) Measure(cluster);
            if (_pages == 0) _current = null;
        }
    }

    private TimeSpan Elapsed => _clock.GetElapsedTime(_began);

    private void Measure(ClusterStatus cluster)
    {
        var links = cluster.Runs.SelectMany(run => run.Members ?? [],
            (run, member) => (Key: (run.Run, member.Name), member.Received)).ToList();
        foreach (var gone in _rates.Keys.Except(links.Select(link => link.Key)).ToList()) _rates.Remove(gone);
        foreach (var (key, received) in links)
        {
            if (!_rates.TryGetValue(key, out var rate)) _rates[key] = rate = new Throughput();
            rate.Sample(Elapsed, received);
        }
    }

    /// <summary>While no page is open the coordinator is not asked.</summary>
    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(AskPace, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                if (Volatile.Read(ref _pages) > 0) await AskAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(false);
    }

    private sealed class OpenPage : IDisposable
    {
        private NodeFeed? _feed;

        public OpenPage(NodeFeed feed)
        {
            _feed = feed;
            Interlocked.Increment(ref feed._pages);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _feed, null) is { } feed) Interlocked.Decrement(ref feed._pages);
        }
    }
}
