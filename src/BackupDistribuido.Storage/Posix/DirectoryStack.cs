using System.Buffers.Binary;

namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// The open directories of a depth-first walk, with the names in them that are still to come, sorted by their bytes.
/// All names lie in one buffer, which grows and shrinks with the walk, so a directory of a million names costs about
/// its names' bytes. At most <see cref="MaxOpen"/> directories are open, however deep the tree: the outer ones are
/// closed and found again by <c>..</c> of the inner one, which must then be the very same directory.
/// </summary>
internal sealed class DirectoryStack : IDisposable
{
    /// <summary>Most directories open at once.</summary>
    public const int MaxOpen = 32;

    private readonly record struct Level(Descriptor? Directory, FileStatus Status, int FirstStart, int FirstByte,
        int Next);

    private readonly byte[] _listing = new byte[64 * 1024];
    private readonly List<Level> _levels = [];
    private byte[] _names = new byte[64 * 1024];
    private int[] _starts = new int[1024];
    private int _nameBytes;
    private int _count;
    private int _current;

    /// <summary>Directories entered and not left.</summary>
    public int Depth => _levels.Count;

    /// <summary>The directory on top; null when it was moved away while its inner ones were walked, so that it can't be
    /// found again.</summary>
    public Descriptor? Directory => _levels[^1].Directory;

    /// <summary>The name that <see cref="MoveNext"/> found; good until the next call of anything here.</summary>
    public ReadOnlySpan<byte> Name => NameAt(_current);

    /// <summary>Its kind according to the listing; <see cref="FileKind.Unknown"/> on file systems that don't
    /// say.</summary>
    public FileKind Kind => (FileKind)_names[_current];

    /// <summary>The longest name of the directory on top, in bytes.</summary>
    public int LongestName { get; private set; }

    /// <summary>The value that was given for the top directory when it was entered.</summary>
    public FileStatus Status => _levels[^1].Status;

    /// <summary>Names that the directory that was entered last lists more than once; each comes once.</summary>
    public IReadOnlyList<byte[]> Repeated { get; private set; } = [];

    // A name: one byte of kind, one of length, its bytes.
    private ReadOnlySpan<byte> NameAt(int start) => _names.AsSpan(start + 2, _names[start + 1]);

    /// <summary>
    /// Enters a directory: reads all its names. Takes <paramref name="directory"/> over; where reading fails, closes it
    /// and stays where it was.
    /// </summary>
    public Errno Push(Descriptor directory, FileStatus status)
    {
        var level = new Level(directory, status, _count, _nameBytes, _count);
        LongestName = 0;
        var errno = ReadNames(directory);
        if (errno != Errno.None)
        {
            (_count, _nameBytes) = (level.FirstStart, level.FirstByte);
            directory.Dispose();
            return errno;
        }
        _starts.AsSpan(level.FirstStart, _count - level.FirstStart)
            .Sort((a, b) => NameAt(a).SequenceCompareTo(NameAt(b)));
        LeaveOutRepeated(level.FirstStart);
        _levels.Add(level);
        if (_levels.Count > MaxOpen) Close(_levels.Count - 1 - MaxOpen);
        return Errno.None;
    }

    /// <summary>No directory has a name twice, but a file system in user space may list one twice.</summary>
    private void LeaveOutRepeated(int first)
    {
        Repeated = [];
        var kept = Math.Min(first + 1, _count);
        for (var i = kept; i < _count; i++)
        {
            if (!NameAt(_starts[i]).SequenceEqual(NameAt(_starts[kept - 1]))) _starts[kept++] = _starts[i];
            else if (Repeated.Count == 0 || !NameAt(_starts[i]).SequenceEqual(Repeated[^1]))
                Repeated = [.. Repeated, NameAt(_starts[i]).ToArray()];
        }
        _count = kept;
    }

    private Errno ReadNames(Descriptor directory)
    {
        while (true)
        {
            var errno = directory.List(_listing, out var bytes);
            if (errno != Errno.None || bytes == 0) return errno;
            for (var record = _listing.AsSpan(0, bytes); !record.IsEmpty;)
            {
                // struct linux_dirent64: inode 8, offset 8, length 2, kind 1, name with NUL.
                var length = BinaryPrimitives.ReadUInt16LittleEndian(record[16..]);
                var name = record[19..length];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) Add(name, record[18]);
                record = record[length..];
            }
        }
    }

    private void Add(ReadOnlySpan<byte> name, byte kind)
    {
        var end = checked(_nameBytes + 2 + name.Length);
        if (end > _names.Length)
            Array.Resize(ref _names, Math.Max(end, (int)Math.Min(2L * _names.Length, Array.MaxLength)));
        if (_count == _starts.Length) Array.Resize(ref _starts, checked(2 * _starts.Length));
        _names[_nameBytes] = kind;
        _names[_nameBytes + 1] = (byte)name.Length;
        name.CopyTo(_names.AsSpan(_nameBytes + 2));
        _starts[_count++] = _nameBytes;
        _nameBytes = end;
        LongestName = Math.Max(LongestName, name.Length);
    }

    /// <summary>Goes to the next name of the directory on top; false when there are no more.</summary>
    public bool MoveNext()
    {
        var level = _levels[^1];
        if (level.Next == _count) return false;
        _current = _starts[level.Next];
        _levels[^1] = level with { Next = level.Next + 1 };
        return true;
    }

    /// <summary>Leaves the directory on top.</summary>
    public void Pop()
    {
        var left = _levels[^1];
        _levels.RemoveAt(_levels.Count - 1);
        (_count, _nameBytes) = (left.FirstStart, left.FirstByte);
        if (_levels.Count > 0 && _levels[^1].Directory is null && left.Directory is { } inner) Reopen(inner);
        left.Directory?.Dispose();
    }

    private void Reopen(Descriptor inner)
    {
        var level = _levels[^1];
        var found = inner.OpenDirectory(".."u8, out var outer);
        if (found == Errno.None && outer.Status(out var status) == Errno.None && status.IsSameFile(level.Status))
            _levels[^1] = level with { Directory = outer };
        else
            outer.Dispose();
    }

    private void Close(int index)
    {
        _levels[index].Directory?.Dispose();
        _levels[index] = _levels[index] with { Directory = null };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var level in _levels) level.Directory?.Dispose();
        _levels.Clear();
    }
}
