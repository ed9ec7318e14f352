using System.Diagnostics;
using Akka.Event;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>Warns of what was refused: the same refusal of the same party once a minute, however often it is
/// tried.</summary>
internal sealed class RefusalLog(ILoggingAdapter log)
{
    private const int MaxRemembered = 256;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string, string), long> _said = [];

    /// <summary>Logs <paramref name="template"/>, which has a place for the party and one for the reason.</summary>
    public void Warn(string template, string party, string reason)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_said)
        {
            if (_said.TryGetValue((party, reason), out var last) && Stopwatch.GetElapsedTime(last, now) < Quiet) return;
            if (_said.Count >= MaxRemembered) _said.Clear();
            _said[(party, reason)] = now;
        }
        log.Warning(template, party, reason);
    }

    /// <summary>Forgets what was said, so that it is said again.</summary>
    public void Clear()
    {
        lock (_said) _said.Clear();
    }
}
