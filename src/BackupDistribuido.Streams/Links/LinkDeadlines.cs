using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Links;

/// <summary>How long the ends of a link wait for each other.</summary>
public sealed record LinkDeadlines
{
    /// <summary>A child that is silent for so long has failed.</summary>
    public TimeSpan Silence { get; init; } = WireLimits.Silence;

    /// <summary>How long a child may take to answer its greeting; one with children of its own greets them first, so it
    /// has as long again for each level below it.</summary>
    public TimeSpan Greeting { get; init; } = WireLimits.GreetingTime;

    /// <summary>How often a child says ALIVE.</summary>
    public TimeSpan AlivePeriod { get; init; } = WireLimits.AlivePeriod;

    /// <summary>A write of which the other side takes nothing for so long has failed, and so has a parent that sends
    /// nothing of what it owes.</summary>
    public TimeSpan Progress { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A child that says that it lives and does not say what it needs of the pages that it was sent, for so long after
    /// the last time, has failed: all others wait for it. Long enough for a slow disk to take what was sent before the
    /// page.
    /// </summary>
    public TimeSpan Needs { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// From the seal on, how long a child may take at least until its replica is durable and it says DONE; more for
    /// each entry, whose metadata is written then, and for content that its system may not have written yet. Whether
    /// its disk works meanwhile the run's coordinator sees.
    /// </summary>
    public TimeSpan Done { get; init; } = WireLimits.Done;

    /// <summary>How long a child may take from this seal on.</summary>
    public TimeSpan DoneAfter(SealFrame seal) => Done + WireLimits.DoneMore(seal.Entries, seal.Bytes);

    /// <summary>Bytes that the sockets of a link can hold: until a part of them has gone they take nothing more. A page
    /// waits behind them and behind what a node has queued.</summary>
    private const long InSockets = 8 * 1024 * 1024, Queued = 16 * 1024 * 1024;

    /// <summary>The same for a link that a limit, here or below, holds to so many bytes a second, null: none, and
    /// behind which are so many levels of nodes.</summary>
    public LinkDeadlines SlowedTo(long? bytesPerSecond, int levels)
    {
        // Who waits further down gives up first: it is its child that has failed then, and not itself.
        var below = Progress * Math.Max(0, levels - 1);
        var queued = bytesPerSecond is { } rate
            ? TimeSpan.FromSeconds((double)(InSockets + Queued) / rate * levels) : TimeSpan.Zero;
        return this with
        {
            Progress = bytesPerSecond is { } slow
                ? Progress + TimeSpan.FromSeconds((double)InSockets / slow) : Progress,
            Needs = Needs + queued + below,
            Done = Done + queued + below,
        };
    }
}
