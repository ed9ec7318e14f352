using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// What an origin remembers of its tree as it delivered it last: the SHA-256 of each file with its stamp, so that a
/// file that has not changed since need not be read again, and what was mounted where. As text:
/// <code>
/// bdist-record 2
/// origin NAME
/// snapshot ID
/// mount PATH                  (any number of them)
/// (entry lines, see EntryLine)
/// check SHA256                (of all that comes before)
/// </code>
/// Nothing rests on it: without it every file is read, and one that is damaged is as good as none. It is asked in the
/// order of a manifest, once. For one thread at a time.
/// </summary>
public sealed class OriginRecord : IDisposable
{
    /// <summary>Most mount points that are remembered.</summary>
    public const int MaxMounts = 4096;

    private const string FirstLine = "bdist-record 2";
    private const int CheckBytes = 6 + (2 * Sha256Digest.Size) + 1;

    private readonly LineReader _lines;
    private readonly IEnumerator<Entry> _entries;
    private readonly List<TreePath> _mounts = [];
    private Entry? _next;
    private bool _isMet;

    private OriginRecord(LineReader lines, SnapshotId snapshot)
    {
        (_lines, Snapshot) = (lines, snapshot);
        _entries = Read().GetEnumerator();
        Advance();
    }

    /// <summary>
    /// Opens the record in that file; null if there is none of this origin. A damaged one is null too, and
    /// <paramref name="damaged"/> is called.
    /// </summary>
    public static OriginRecord? Open(string file, NodeName origin, Action? damaged = null)
    {
        LineReader? lines = null;
        try
        {
            if (Descriptor.OpenDirectory(Path.GetDirectoryName(file)!, out var folder) != Errno.None) return null;
            using (folder)
            {
                if (folder.OpenRegular(Encoding.UTF8.GetBytes(Path.GetFileName(file)), out var opened) != Errno.None)
                    return null;
                lines = new LineReader(opened, file, EntryLine.MaxBytes);
                if (Line(lines) != FirstLine) return Close(lines);
                if (!IsAsWritten(opened, file)) damaged?.Invoke();
                else if (Line(lines) == $"origin {origin}"
                    && Line(lines) is ['s', 'n', 'a', 'p', 's', 'h', 'o', 't', ' ', .. var id]
                    && SnapshotId.TryParse(id, out var snapshot)) return new OriginRecord(lines, snapshot);
                return Close(lines);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // Of no use, and no harm.
            return Close(lines);
        }
    }

    private static OriginRecord? Close(LineReader? lines)
    {
        lines?.Dispose();
        return null;
    }

    private static string Line(LineReader lines) =>
        lines.TryNext(out var line, out var why) ? Encoding.UTF8.GetString(line) : throw new InvalidDataException(why);

    /// <summary>The snapshot of that delivery.</summary>
    public SnapshotId Snapshot { get; }

    /// <summary>Whether all of it could be read so far.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The mounts in the tree when it was read.</summary>
    public IReadOnlyCollection<TreePath> Mounts => _mounts;

    /// <summary>All entries that were not asked for yet, in place of <see cref="DigestOf"/>.</summary>
    public IEnumerable<Entry> Entries()
    {
        for (; _next is { } entry; Advance()) yield return entry;
    }

    /// <summary>The digest that a scanned file had when it was delivered, if it is still the same by its stamp. Each
    /// path must be greater than the one before.</summary>
    public Sha256Digest? DigestOf(FileEntry scanned) =>
        At(scanned.Path) is FileEntry file && file.Stamp == scanned.Stamp
            && file.Metadata.Modified == scanned.Metadata.Modified ? file.Digest : null;

    /// <summary>The entry with that path; null: none. Each path must be greater than or equal to the one before.
    /// <paramref name="gone"/> gets the entries between that were skipped.</summary>
    public Entry? At(TreePath path, Action<Entry>? gone = null)
    {
        while (_next is { } before && before.Path.CompareTo(path) < 0)
        {
            if (!_isMet) gone?.Invoke(before);
            Advance();
        }
        if (_next is null || _next.Path != path) return null;
        _isMet = true;
        return _next;
    }

    /// <summary>Passes all remaining entries that were not asked for to <paramref name="gone"/>.</summary>
    public void Rest(Action<Entry> gone)
    {
        for (; _next is { } before; Advance())
        {
            if (!_isMet) gone(before);
        }
    }

    /// <summary>
    /// Writes the record, replacing the old one. Files that were changed at <paramref name="fresh"/> or later are left
    /// without their digest: a file that is changed twice within a tick of the file system's clock, or through a
    /// mapping that was not written back, has the same stamp both times. So are those whose numbers
    /// <paramref name="isDoubted"/> accepts.
    /// </summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write(string file, NodeName origin, SnapshotId snapshot,
        IEnumerable<Entry> entries, FileTime fresh, IReadOnlyCollection<TreePath>? mounts =
            null, Func<long, bool>? isDoubted = null)
    {
        var path = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Descriptor.OpenDirectory(path, out var folder).OrThrow("openat", path);
        using (folder)
        {
            var (name, unfinished) = (Encoding.UTF8.GetBytes(Path.GetFileName(file)),
                Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}.new"));
            folder.Unlink(unfinished).Except(Errno.NoEntry).OrThrow("unlinkat", file);
            folder.CreateFile(unfinished, out var created).OrThrow("openat", file);
            using (var writer = new DescriptorWriter(created, file))
            {
                Write(writer, Head(origin, snapshot, mounts ?? []), entries,
                    (entry, number) => entry.Stamp.Changed.CompareTo(fresh) >= 0 || isDoubted?.Invoke(number) == true);
                writer.Complete();
            }
            folder.Rename(unfinished, folder, name).OrThrow("renameat2", file);
        }
    }

    private static ReadOnlySpan<byte> Head(NodeName origin, SnapshotId snapshot, IReadOnlyCollection<TreePath> mounts)
    {
        var head = new ArrayBufferWriter<byte>();
        head.Write(Encoding.ASCII.GetBytes($"{FirstLine}\norigin {origin}\nsnapshot {snapshot}\n"));
        foreach (var mount in mounts.Take(MaxMounts))
        {
            var line = new FieldWriter(head);
            line.Field("mount"u8);
            line.Encoded(mount.Bytes);
            line.EndLine();
        }
        return head.WrittenSpan;
    }

    private static void Write(DescriptorWriter writer,
        ReadOnlySpan<byte> head, IEnumerable<Entry> entries, Func<FileEntry, long, bool> isForgotten)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        writer.Write(head);
        var (line, number) = (new ArrayBufferWriter<byte>(512), 0L);
        foreach (var entry in entries)
        {
            line.ResetWrittenCount();
            EntryLine.Write(entry is FileEntry { Stamp.Size: > 0 } file && isForgotten(file, number)
                ? file with { Digest = null } : entry, line);
            hash.AppendData(line.WrittenSpan);
            writer.Write(line.WrittenSpan);
            number++;
        }
        writer.Write(Encoding.ASCII.GetBytes($"check {Sha256Digest.Finish(hash)}\n"));
    }

    /// <summary>Whether its last line has the digest of all that comes before it.</summary>
    private static bool IsAsWritten(Descriptor file, string shown)
    {
        file.Status(out var status).OrThrow("statx", shown);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (piece, end) = (new byte[256 * 1024], status.Size - CheckBytes);
        for (var at = 0L; at < end;)
        {
            file.Read(piece.AsSpan(0, (int)Math.Min(piece.Length, end - at)), at, out var bytes)
                .OrThrow("pread", shown);
            if (bytes == 0) return false;
            hash.AppendData(piece, 0, bytes);
            at += bytes;
        }
        if (end < 0) return false;
        file.Read(piece.AsSpan(0, CheckBytes), end, out var last).OrThrow("pread", shown);
        return piece.AsSpan(0, last).SequenceEqual(Encoding.ASCII.GetBytes($"check {Sha256Digest.Finish(hash)}\n"));
    }

    private IEnumerable<Entry> Read()
    {
        while (Next() is { } entry) yield return entry;
    }

    /// <summary>The next entry; null at the end, and where there is a line that this version does not know.</summary>
    private Entry? Next()
    {
        while (_lines.TryNext(out var line, out _))
        {
            if (line.StartsWith("check "u8)) return null;
            if (!line.StartsWith("mount "u8))
            {
                IsWhole &= EntryLine.TryParse(line, out var entry, out _);
                return entry;
            }
            if (_mounts.Count < MaxMounts && PathText.TryDecode(line[6..], out var bytes)
                && TreePath.TryFromBytes(bytes, out var mount, out _)) _mounts.Add(mount);
        }
        return null;
    }

    private void Advance()
    {
        _isMet = false;
        try
        {
            _next = _entries.MoveNext() ? _entries.Current : null;
        }
        catch (IOException)
        {
            (_next, IsWhole) = (null, false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _lines.Dispose();
    }
}
