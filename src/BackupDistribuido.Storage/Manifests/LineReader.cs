using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>Lines of bytes, each ended by LF, none longer than a limit, from a file that it takes over, from a line's
/// beginning on.</summary>
internal sealed class LineReader(Descriptor file, string shown, int longest, long from = 0) : IDisposable
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _read = from;

    /// <summary>The number of the last line, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Where the next line begins, in bytes from the start of the file.</summary>
    public long Offset => _read - (_end - _start);

    /// <summary>True when no line is left.</summary>
    public bool AtEnd => _start == _end && !Fill();

    /// <summary>The next line without its LF, good until the next call; or why there is none.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line, [NotNullWhen(false)] out string? why)
    {
        Number++;
        var seen = 0;
        int at;
        while ((at = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n')) < 0)
        {
            seen = _end - _start;
            why = seen > longest
                ? $"the line is longer than {longest} bytes" : Fill() ? null : "the file ends too early";
            line = default;
            if (why is not null) return false;
        }
        line = _buffer.AsSpan(_start, seen + at);
        _start += seen + at + 1;
        why = null;
        return true;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        file.Read(_buffer.AsSpan(_end), _read, out var bytes).OrThrow("pread", shown);
        _end += bytes;
        _read += bytes;
        return bytes > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
