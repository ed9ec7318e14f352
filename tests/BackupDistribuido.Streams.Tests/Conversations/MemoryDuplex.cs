using System.IO.Pipelines;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>One end of two pipes in memory: a socket without a system, with back-pressure and half-close. Each write
/// takes that long.</summary>
internal sealed class MemoryDuplex(Pipe incoming, Pipe outgoing, TimeSpan writes = default) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException(); set =>
        throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await incoming.Reader.ReadAsync(cancellationToken);
        if (result.IsCanceled) throw new IOException("this end is closed");
        var count = (int)Math.Min(buffer.Length, result.Buffer.Length);
        var taken = result.Buffer.Slice(0, count);
        var at = 0;
        foreach (var part in taken)
        {
            part.CopyTo(buffer[at..]);
            at += part.Length;
        }
        incoming.Reader.AdvanceTo(taken.End);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        if (writes > TimeSpan.Zero) await Task.Delay(writes, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        // As with a socket: what there is room for is taken at once, whatever is cancelled meanwhile.
        var result = await outgoing.Writer.WriteAsync(buffer, CancellationToken.None).AsTask()
            .WaitAsync(cancellationToken);
        if (result.IsCompleted) throw new IOException("the other end is closed");
    }

    public Task CloseWritingAsync()
    {
        outgoing.Writer.Complete();
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        outgoing.Writer.Complete();
        // One that is waiting for bytes would wait for ever.
        incoming.Reader.CancelPendingRead();
        incoming.Reader.Complete();
        base.Dispose(disposing);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
