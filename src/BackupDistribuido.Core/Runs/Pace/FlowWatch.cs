using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Runs.Pace;

/// <summary>A destination that holds the others up: how many bytes a second reach it, and how many could reach the
/// others.</summary>
public sealed record SlowDestination(NodeName Name, double Rate, double Others);

/// <summary>
/// Which destination holds a plan up. In a plan whose nodes wait for each other all go at the pace of the slowest; but
/// only the slowest one's link is always busy while its own links are not. The capacity of a link is its bytes divided
/// by the milliseconds in which some were in flight. No clock: times are given. For one thread.
/// </summary>
public sealed class FlowWatch
{
    /// <summary>The window of measurement: a burst, or a sync, is not a pace.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>Samples closer to each other are not taken.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(900);

    /// <summary>Maximum that the receiver's socket buffers unread: the first sample does not show the pace.</summary>
    private const long InSockets = 6 * 1024 * 1024;

    /// <summary>Fewer bytes tell nothing of a link's speed.</summary>
    private const long Telling = 4 * InSockets;

    private const double Always = 0.8, Mostly = 0.5;
    private readonly Dictionary<(NodeName Parent, NodeName To), List<Sample>> _links = [];
    private readonly Dictionary<(NodeName Parent, NodeName To), double> _best = [];
    private readonly Dictionary<(NodeName Parent, NodeName To), (TimeSpan First, Sample Last)> _begun = [];

    /// <summary>Another plan: measurements of the old one are void.</summary>
    public void Clear()
    {
        _links.Clear();
        _best.Clear();
        _begun.Clear();
    }

    /// <summary>A node of the plan reports on its links.</summary>
    public void Handle(NodeName parent, IEnumerable<LinkFlow> flows, TimeSpan at)
    {
        foreach (var flow in flows) Handle((parent, flow.To), new Sample(at, flow.Bytes, flow.BusyMilliseconds));
    }

    private void Handle((NodeName Parent, NodeName To) link, Sample now)
    {
        if (!_links.TryGetValue(link, out var samples) || now.Bytes < samples[^1].Bytes || now.Busy < samples[^1].Busy)
        {
            // A link that has begun since the last sample has had that time at most.
            _links[link] = [now];
            _begun[link] = (now.At, now);
            if (now.Busy > 0 && now.Bytes > InSockets) _best[link] = (now.Bytes - InSockets) * 1000.0 / now.Busy;
            return;
        }
        if (now.At - samples[^1].At < Step) return;
        if (now.Bytes > samples[^1].Bytes) _begun[link] = (_begun[link].First, now);
        samples.Add(now);
        while (samples.Count > 2 && now.At - samples[1].At >= Window) samples.RemoveAt(0);
        if (Pace.Of(samples[^2], now).Capable is { } capable)
            _best[link] = Math.Max(capable, _best.GetValueOrDefault(link));
    }

    /// <summary>The destination that holds the others below half of their capacity; null: there is none, or it is
    /// unknown.</summary>
    public SlowDestination? Slowest(DeliveryPlan plan)
    {
        // <param name="sync">Makes everything durable at once; the caller owns it. Null: each entry on its own.</param>
        var ways = plan.Root.Subtree()
            .SelectMany(parent => parent.Children, (parent, child) => (Link: (parent.Name, child.Name), Child: child))
            .ToList();
        if (ways.Count < 2 || ways.Exists(way => !way.Child.Stores)) return null;
        var slow = ways.Where(way => !way.Child.IsApart && IsBusy(way.Link, Always)
            && way.Child.Children.All(child => !IsBusy((way.Child.Name, child.Name), Mostly)))
            .Select(way => (way.Child, Pace: PaceOf(way.Link)!.Value)).OrderBy(way => way.Pace.Rate).FirstOrDefault();
        if (slow.Child is null || slow.Pace.Rate <= 0) return null;
        var others = ways.Where(way => way.Child.Name != slow.Child.Name && way.Child.Since == slow.Child.Since
            && !way.Child.IsApart).ToList();
        // Queues and sockets may have swallowed the rest of the tree: then the root reads nothing any more.
        var could = others.Select(way => way.Child.Subtree().Any(node => node.Name == slow.Child.Name)
            ? Best(way.Link) : PaceOf(way.Link)?.Capable)
            .Append(Whole((plan.Root.Name, plan.Root.Name))?.Capable).ToList();
        return others.Count > 0 && could.Min() is { } least && could.TrueForAll(one => one is not null)
            && slow.Pace.Rate * 2 < least
            ? new SlowDestination(slow.Child.Name, slow.Pace.Rate, least) : null;
    }

    /// <summary>
    /// Bytes a second that the links to destinations have carried since they began; of those over which enough went to
    /// tell, and which did not wait for others further down.
    /// </summary>
    public IReadOnlyDictionary<NodeName, long> Speeds(DeliveryPlan plan) => plan.Root.Subtree()
        .SelectMany(parent => parent.Children,
            (parent, child) => (Whole: Whole((parent.Name, child.Name)), Child: child, Parent: parent))
        .Where(way => way.Child.Stores && way.Whole?.Capable is not null
            && way.Child.Children.All(child => !(Whole((way.Child.Name, child.Name))?.Busy >= Mostly)))
        .ToDictionary(way => way.Child.Name, way => (long)way.Whole!.Value.Capable!.Value);

    /// <summary>From the link's beginning to when something went over it last, without what its sockets
    /// swallowed.</summary>
    private Pace? Whole((NodeName, NodeName) link) =>
        _begun.TryGetValue(link, out var begun) && begun.Last is var last && last.Bytes >= Telling
        ? Pace.Of(new Sample(begun.First - Step, InSockets, 0), last) : null;

    private double? Best((NodeName, NodeName) link) => _best.TryGetValue(link, out var best) ? best : null;

    private bool IsBusy((NodeName, NodeName) link, double share) => PaceOf(link) is { } pace && pace.Busy >= share;

    private Pace? PaceOf((NodeName, NodeName) link) =>
        _links.TryGetValue(link, out var samples) && samples.Count > 2
            && samples[^1].At - samples[0].At >= Window - Step
        // Full sockets give way in bursts, some of them more than a second apart.
        && samples[^1].Bytes > samples[Math.Max(0, samples.Count - 4)].Bytes
            ? Pace.Of(samples[0], samples[^1]) : null;

    private readonly record struct Sample(TimeSpan At, long Bytes, long Busy);

    /// <summary>Bytes a second, the share of the time in which they were waited for, and the bytes a second in that
    /// time; null where nothing went.</summary>
    private readonly record struct Pace(double Rate, double Busy, double? Capable)
    {
        // A link that is hardly ever busy is fast; its speed is not known better than to a twentieth.
        private const double LeastShare = 0.05;

        public static Pace Of(Sample from, Sample to)
        {
            var (seconds, bytes) = ((to.At - from.At).TotalSeconds, to.Bytes - from.Bytes);
            var share = Math.Min(1, (to.Busy - from.Busy) / 1000.0 / seconds);
            return new Pace(bytes / seconds, share, bytes > 0 ? bytes / (seconds * Math.Max(share, LeastShare)) : null);
        }
    }
}
