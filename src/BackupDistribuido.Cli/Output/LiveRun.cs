using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Output;

/// <summary>One of a coordinator's runs in its live view: how fast it is, and how long it will take. Not thread-safe.</summary>
internal sealed class LiveRun(string name)
{
    private readonly Dictionary<NodeName, (Speed Speed, long Left)> _destinations = [];

    /// <summary>Its origin and snapshot.</summary>
    public string Name => name;

    /// <summary>So far it is. Who is not named any more takes no part; who was started again may have less than before.</summary>
    public void Sample(DeliveryProgress progress, DateTimeOffset time)
    {
        if (progress.ByDestination is not { } there) return;
        foreach (var gone in _destinations.Keys.Where(known => !there.ContainsKey(known)).ToList()) _destinations.Remove(gone);
        foreach (var (destination, done) in there)
        {
            var speed = _destinations.TryGetValue(destination, out var known) ? known.Speed : new Speed();
            speed.Sample(time, done);
            _destinations[destination] = (speed, progress.Total.Bytes - done);
        }
    }

    /// <summary>Bytes a second that arrive at all destinations together.</summary>
    public double At(DateTimeOffset now) => _destinations.Values.Sum(one => one.Speed.At(now));

    /// <summary>Seconds until the slowest has all; null where that can't be told, or nothing is left.</summary>
    public double? LeftAt(DateTimeOffset now)
    {
        var waits = _destinations.Values.Where(one => one.Left > 0).Select(one => one.Left / one.Speed.At(now)).ToList();
        return waits.Count > 0 && waits.TrueForAll(double.IsFinite) ? waits.Max() : null;
    }
}
