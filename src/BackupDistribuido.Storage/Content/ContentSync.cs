using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>
/// Makes all of staging durable by syncfs on the descriptor that was opened before the first write, and starts while
/// content still arrives, so that the disk is not idle until the end. Each answer counts, the early ones too: after a
/// failure syncfs is not called again. For one thread at a time; the syncs run on their own threads.
/// </summary>
internal sealed class ContentSync(Durability durability, Descriptor place, string shown) : IDisposable
{
    /// <summary>Bytes that are written between two early syncs, at least.</summary>
    public const long Stride = 64 << 20;

    private long _unsynced;
    private Task<Errno> _running = Task.FromResult(Errno.None);

    /// <summary>Content was written. One early sync runs at a time, and this call does not wait for it.</summary>
    /// <exception cref="DurabilityException">The last early sync failed.</exception>
    public void Wrote(long bytes)
    {
        _unsynced += bytes;
        if (_unsynced < Stride || !_running.IsCompleted) return;
        Check(_running.Result);
        _unsynced = 0;
        _running = Task.Factory.StartNew(() => durability.SyncFileSystem(place), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Makes everything durable that was written before this call.</summary>
    /// <exception cref="DurabilityException">This sync or an earlier one failed; staging must be thrown
    /// away.</exception>
    public void Complete()
    {
        Check(_running.GetAwaiter().GetResult());
        _running = Task.FromResult(durability.SyncFileSystem(place));
        Check(_running.Result);
    }

    private void Check(Errno errno)
    {
        if (errno != Errno.None) throw new DurabilityException("syncfs", shown, errno);
    }

    /// <summary>Waits for a running sync: it uses the descriptor, which its owner closes.</summary>
    public void Dispose() => _running.GetAwaiter().GetResult();
}
