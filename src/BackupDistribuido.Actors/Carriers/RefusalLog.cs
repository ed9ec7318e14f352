using System.Diagnostics;
using Akka.Event;
using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>Warns of what was refused, sparingly: <see cref="RefusalThrottle"/>. Any thread.</summary>
internal sealed class RefusalLog(ILoggingAdapter log)
{
    private readonly Lock _gate = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private RefusalThrottle _said = new();

    /// <summary>
    /// Logs <paramref name="template"/>, which has a placeholder for the party and one for the reason.
    /// </summary>
    public void Warn(string template, string party, string reason)
    {
        lock (_gate) if (!_said.MaySay(party, reason, Stopwatch.GetElapsedTime(_begun))) return;
        log.Warning(template, party, reason);
    }

    /// <summary>Forgets what was logged, so that it is logged again.</summary>
    public void Clear()
    {
        lock (_gate) _said = new RefusalThrottle();
    }
}
