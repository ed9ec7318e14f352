namespace BackupDistribuido.Cli.Output;

/// <summary>
/// Standard output, in pieces that even a slow reader takes one by one, so that it shows whether it takes any. Text
/// that a failure cut off in the middle of a line is ended before more is written. One writer at a time;
/// <see cref="Taken"/> from any thread.
/// </summary>
internal sealed class ReaderStream(Stream inner) : Stream
{
    // PIPE_BUF: the size that a pipe takes atomically.
    private const int Piece = 4096;

    private long _taken;
    private bool _isInLine, _isCutOff;

    /// <summary>How many bytes were taken so far.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isCutOff) WritePiece("\n"u8);
        _isCutOff = _isInLine;
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(Piece, buffer.Length)];
            WritePiece(piece);
            buffer = buffer[piece.Length..];
        }
        _isCutOff = false;
    }

    private void WritePiece(ReadOnlySpan<byte> piece)
    {
        inner.Write(piece);
        Interlocked.Add(ref _taken, piece.Length);
        _isCutOff = _isInLine = piece[^1] != (byte)'\n';
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.Run(() => Write(buffer, offset, count), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Run(() => Write(buffer.Span), cancellationToken));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
