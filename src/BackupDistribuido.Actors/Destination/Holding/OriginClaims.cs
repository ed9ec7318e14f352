using System.Collections.Concurrent;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// Claims on writing below an origin's folder: one at a time, over all runs and all ActorSystems of a process. A claim
/// is held until everything is closed and cleaned up. Safe from any thread.
/// </summary>
internal sealed class OriginClaims
{
    private readonly ConcurrentDictionary<NodeName, SemaphoreSlim> _places = new();

    /// <summary>Whether anybody writes for any origin.</summary>
    public bool IsAnyTaken => _places.Values.Any(place => place.CurrentCount == 0);

    /// <summary>Waits until no other writer has the origin; disposing the claim lets the next one in.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<IDisposable> TakeAsync(NodeName origin, CancellationToken cancel)
    {
        var place = PlaceOf(origin);
        await place.WaitAsync(cancel).ConfigureAwait(false);
        return new Claim(place);
    }

    /// <summary>The claim, if it is free.</summary>
    public IDisposable? TryTake(NodeName origin) =>
        PlaceOf(origin) is var place && place.Wait(0) ? new Claim(place) : null;

    private SemaphoreSlim PlaceOf(NodeName origin) => _places.GetOrAdd(origin, _ => new SemaphoreSlim(1));

    private sealed class Claim(SemaphoreSlim place) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0) place.Release();
        }
    }
}
