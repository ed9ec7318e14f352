using System.Collections.Concurrent;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Buffers;

/// <summary>
/// Buffers of one size, used again and again. Every rented one is a <see cref="Lease"/> that somebody owes back; how
/// many buffers lie unused is bounded, how many are out is bounded by whoever rents (queues that count bytes). Safe
/// from any thread.
/// </summary>
public sealed class BufferPool(int retained = BufferPool.DefaultRetained)
{
    /// <summary>Bytes of every buffer: two whole frames of the largest kind, so that a stream of those is never
    /// copied.</summary>
    public const int BufferBytes = 2 * WireLimits.FrameBytes;

    /// <summary>How many unused buffers are kept (16 MiB).</summary>
    public const int DefaultRetained = 32;

    private readonly ConcurrentStack<byte[]> _unused = new();
    private int _unusedCount;
    private int _outstanding;

    /// <summary>Leases that were rented and not given back.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Rents a buffer with one reference. Its bytes are whatever they were.</summary>
    public Lease Rent()
    {
        Interlocked.Increment(ref _outstanding);
        if (!_unused.TryPop(out var buffer)) return new Lease(this, GC.AllocateUninitializedArray<byte>(BufferBytes));
        Interlocked.Decrement(ref _unusedCount);
        return new Lease(this, buffer);
    }

    internal void Return(byte[] buffer)
    {
        Interlocked.Decrement(ref _outstanding);
        if (Interlocked.Increment(ref _unusedCount) <= retained) _unused.Push(buffer);
        else Interlocked.Decrement(ref _unusedCount);
    }
}
