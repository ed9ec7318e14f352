using System.Diagnostics;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>Waits for what other threads will bring about; generous, for the machine may be busy.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static async Task Is<T>(T expected, Func<T> actual)
    {
        for (var since = Stopwatch.GetTimestamp(); !Equals(expected, actual())
            && Stopwatch.GetElapsedTime(since) < Bound;) await Task.Delay(10);
        Assert.Equal(expected, actual());
    }
}
