using System.Buffers;

namespace BackupDistribuido.Storage.Posix;

/// <summary>Collects bytes for a file and writes them in large pieces. <see cref="Flush"/> at the end writes the rest; disposing closes the file and does not.</summary>
internal sealed class DescriptorWriter(Descriptor file, string shown) : IBufferWriter<byte>, IDisposable
{
    private const int Large = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(Large);

    /// <summary>The file, for what is done to it after the last <see cref="Flush"/>.</summary>
    public Descriptor File => file;

    public void Advance(int count)
    {
        _buffer.Advance(count);
        if (_buffer.WrittenCount >= Large) Flush();
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    /// <exception cref="PosixException">It can't be written.</exception>
    public void Flush()
    {
        file.Write(_buffer.WrittenSpan).OrThrow("write", shown);
        _buffer.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
