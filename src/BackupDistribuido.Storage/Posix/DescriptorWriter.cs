using System.Buffers;

namespace BackupDistribuido.Storage.Posix;

/// <summary>Collects bytes for a file and writes them in large pieces. <see cref="Complete"/> at the end writes the
/// rest; disposing closes the file and does not.</summary>
internal sealed class DescriptorWriter(Descriptor file, string shown) : IBufferWriter<byte>, IDisposable
{
    private const int Large = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(Large);
    private long _written;

    /// <summary>The file, for operations after <see cref="Complete"/>.</summary>
    public Descriptor File => file;

    public void Advance(int count)
    {
        _buffer.Advance(count);
        if (_buffer.WrittenCount >= Large) Flush();
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    /// <summary>Writes the rest. Everything written since the file was empty must be its whole content.</summary>
    /// <exception cref="PosixException">It can't be written, or the file is not as long as what was
    /// written.</exception>
    public void Complete()
    {
        Flush();
        file.CheckSize(_written, shown);
    }

    private void Flush()
    {
        file.Write(_buffer.WrittenSpan).OrThrow("write", shown);
        _written += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
