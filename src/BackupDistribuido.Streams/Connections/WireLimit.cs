using System.Diagnostics;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// What a node may send, or receive, in a second over all its links together. They take turns piece by piece, so none
/// of them waits for another's whole parcel. Safe from any thread.
/// </summary>
public sealed class WireLimit(Rate rate)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly TokenBucket _bucket = new(rate);
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();

    /// <summary>The rate.</summary>
    public Rate Rate => rate;

    /// <summary>Most bytes that should be asked for at once: an eighth of a second's.</summary>
    public int Piece => (int)Math.Min(rate.BytesPerSecond / 8, int.MaxValue);

    /// <summary>Waits for the turn of so many bytes. <paramref name="waiting"/> is called at least each second
    /// meanwhile: who waits here has not stopped.</summary>
    public async ValueTask TakeAsync(int bytes, Action? waiting, CancellationToken cancel)
    {
        TimeSpan wait;
        lock (_gate) wait = _bucket.Take(bytes, Stopwatch.GetElapsedTime(_begun));
        for (var began = Stopwatch.GetTimestamp(); wait - Stopwatch.GetElapsedTime(began) is
        {
            TotalMilliseconds: >= 1
        } left;)
        {
            await Task.Delay(left < LongestSleep ? left : LongestSleep, cancel).ConfigureAwait(false);
            waiting?.Invoke();
        }
    }
}
