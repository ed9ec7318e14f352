namespace BackupDistribuido.Streams.Buffers;

/// <summary>
/// A rented buffer that several may hold. It is rented with one reference; whoever hands it to one more holder calls
/// <see cref="Retain"/>, each holder calls <see cref="Release"/> once, and the last one gives the buffer back. Safe
/// from any thread.
/// </summary>
public sealed class Lease
{
    private readonly BufferPool _pool;
    private readonly byte[] _buffer;
    private int _references = 1;

    internal Lease(BufferPool pool, byte[] buffer) => (_pool, _buffer) = (pool, buffer);

    /// <summary>The whole buffer.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _references) == 0, this);
            return _buffer;
        }
    }

    /// <summary>Bytes of the buffer.</summary>
    public int Length => _buffer.Length;

    /// <summary>Adds a reference.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Lease Retain()
    {
        for (var seen = Volatile.Read(ref _references); ;)
        {
            ObjectDisposedException.ThrowIf(seen == 0, this);
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen) return this;
            seen = before;
        }
    }

    /// <summary>Takes a reference away; the last one gives the buffer back.</summary>
    /// <exception cref="ObjectDisposedException">It was given back already.</exception>
    public void Release()
    {
        for (var seen = Volatile.Read(ref _references); ;)
        {
            ObjectDisposedException.ThrowIf(seen == 0, this);
            var before = Interlocked.CompareExchange(ref _references, seen - 1, seen);
            if (before == seen)
            {
                if (seen == 1) _pool.Return(_buffer);
                return;
            }
            seen = before;
        }
    }
}
