using System.Diagnostics;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Framing;

/// <summary>
/// How long a receiver is busy with the holes that it was sent: it hashes their zeros, and takes nothing else meanwhile
/// (docs/protocol.md, "Limits"). Notes and questions may come from different threads.
/// </summary>
internal sealed class HoleTime
{
    private static readonly double TicksOfByte = Stopwatch.Frequency / (double)WireLimits.HoleBytes;

    private long _until = Stopwatch.GetTimestamp();

    /// <summary>A frame was sent.</summary>
    public void Note(Frame frame)
    {
        if (frame is not HoleFrame hole) return;
        var begin = Math.Max(Volatile.Read(ref _until), Stopwatch.GetTimestamp());
        Volatile.Write(ref _until, begin + (long)(hole.Length * TicksOfByte));
    }

    /// <summary>Whether it has had so much time besides that.</summary>
    public bool IsOver(TimeSpan patience) =>
        Stopwatch.GetTimestamp() > Volatile.Read(ref _until) + (long)(patience.TotalSeconds * Stopwatch.Frequency);
}
