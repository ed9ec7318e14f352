using System.Threading.Channels;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Tests.Posix;

namespace BackupDistribuido.Storage.Tests.Content;

public sealed class ContentSyncTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeldDurability _durability = new();
    private readonly Descriptor _place;
    private readonly ContentSync _sync;

    public ContentSyncTests()
    {
        _place = _folder.Open();
        _sync = new ContentSync(_durability, _place, "staging");
    }

    [Fact]
    public async Task A_sync_begins_with_each_stride_and_no_write_waits_for_it()
    {
        _sync.Wrote(ContentSync.Stride - 1);
        Assert.Equal(0, _durability.Asked);

        _sync.Wrote(1);
        var held = await _durability.NextAsync();
        _sync.Wrote(3 * ContentSync.Stride);
        // One runs at a time.
        Assert.Equal(1, _durability.Asked);

        held.SetResult(Errno.None);
        var completion = Task.Run(_sync.Complete);
        (await _durability.NextAsync()).SetResult(Errno.None);
        await completion;
        Assert.Equal(2, _durability.Asked);
    }

    [Fact]
    public async Task After_an_early_sync_that_failed_no_other_is_asked_for()
    {
        _sync.Wrote(ContentSync.Stride);
        (await _durability.NextAsync()).SetResult(Errno.InputOutput);

        Assert.Equal(Errno.InputOutput, Assert.Throws<DurabilityException>(_sync.Complete).Errno);
        Assert.Throws<DurabilityException>(() => _sync.Wrote(ContentSync.Stride));
        Assert.Throws<DurabilityException>(_sync.Complete);
        Assert.Equal(1, _durability.Asked);
    }

    [Fact]
    public async Task The_last_sync_is_not_asked_for_again_when_it_failed()
    {
        var completion = Task.Run(_sync.Complete);
        (await _durability.NextAsync()).SetResult(Errno.NoSpace);

        await Assert.ThrowsAsync<DurabilityException>(() => completion);
        Assert.Throws<DurabilityException>(_sync.Complete);
        Assert.Equal(1, _durability.Asked);
    }

    public void Dispose()
    {
        _sync.Dispose();
        _place.Dispose();
        _folder.Dispose();
    }

    /// <summary>Answers each syncfs when, and as, the test says.</summary>
    private sealed class HeldDurability : Durability
    {
        private readonly Channel<TaskCompletionSource<Errno>> _held =
            Channel.CreateUnbounded<TaskCompletionSource<Errno>>();
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task<TaskCompletionSource<Errno>> NextAsync() =>
            _held.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        public override Errno SyncFileSystem(Descriptor openedBefore)
        {
            var answer = new TaskCompletionSource<Errno>(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Increment(ref _asked);
            _held.Writer.TryWrite(answer);
            return answer.Task.GetAwaiter().GetResult();
        }
    }
}
