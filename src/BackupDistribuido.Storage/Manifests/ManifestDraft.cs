using System.Security.Cryptography;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>
/// A manifest that is still growing: pages of final entry lines, one after the other in a file, each after a line
/// <c>page ENTRIES BYTES SHA256</c> that describes it. In memory it keeps 24 bytes per page, the running SHA-256 over
/// all entry lines and the totals. One thread appends; any thread reads.
/// </summary>
public sealed partial class ManifestDraft : IDisposable
{
    private readonly Descriptor _file;
    private readonly string _shown;
    private readonly Lock _lock = new();
    private readonly List<ManifestPage> _pages = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;
    private TreeTotals _totals;

    private ManifestDraft(Descriptor file, string shown) => (_file, _shown) = (file, shown);

    /// <summary>A draft in the system's temporary folder. The file has no name, so it disappears with the draft, even
    /// if the process is killed.</summary>
    /// <exception cref="PosixException">It can't be made there.</exception>
    public static ManifestDraft Temporary()
    {
        var folder = Path.GetTempPath();
        Descriptor.OpenDirectory(folder, out var directory).OrThrow("openat", folder);
        using (directory) return Temporary(directory, folder);
    }

    /// <summary>The same in a given directory.</summary>
    internal static ManifestDraft Temporary(Descriptor directory, string shown)
    {
        var name = System.Text.Encoding.ASCII.GetBytes($"bdist-{Guid.NewGuid():N}.draft");
        var draft = Create(directory, name, shown);
        directory.Unlink(name).OrThrow("unlinkat", shown);
        return draft;
    }

    /// <summary>A draft in a new file of a directory.</summary>
    internal static ManifestDraft Create(Descriptor directory, ReadOnlySpan<byte> name, string shown)
    {
        directory.CreateFile(name, out var file).OrThrow("openat", shown);
        return new ManifestDraft(file, shown);
    }

    /// <summary>Pages appended so far.</summary>
    public int PageCount
    {
        get { lock (_lock) return _pages.Count; }
    }

    /// <summary>Entries, files and bytes of all lines appended so far.</summary>
    public TreeTotals Totals
    {
        get { lock (_lock) return _totals; }
    }

    /// <summary>The seal that the lines appended so far would have.</summary>
    public ManifestSeal Seal
    {
        get
        {
            Span<byte> digest = stackalloc byte[Sha256Digest.Size];
            lock (_lock)
            {
                _hash.GetCurrentHash(digest);
                return new ManifestSeal(_totals.Entries, _totals.Bytes, new Sha256Digest(digest));
            }
        }
    }

    /// <summary>Where a page is.</summary>
    public ManifestPage this[int page]
    {
        get { lock (_lock) return _pages[page]; }
    }

    /// <summary>The page that holds an entry, by its number; -1 when it has not been appended yet.</summary>
    public int PageOf(long entry)
    {
        lock (_lock)
        {
            if (entry < 0 || entry >= _totals.Entries) return -1;
            var (low, high) = (0, _pages.Count - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_pages[middle].EndEntry <= entry) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }

    /// <summary>Appends a page: lines of <see cref="EntryLine"/>, each with its LF, in the manifest's order.</summary>
    /// <exception cref="ArgumentException">The page does not follow the last one, or has another number of
    /// lines.</exception>
    /// <exception cref="PosixException">It can't be written; the draft is no longer usable.</exception>
    public void Append(ReadOnlySpan<byte> lines, long firstEntry, int entries)
    {
        var added = Count(lines);
        if (added.Entries != entries)
            throw new ArgumentException($"A page of {entries} entries has {added.Entries} lines.", nameof(entries));
        if (firstEntry != Totals.Entries)
            throw new ArgumentException($"Entry {Totals.Entries} comes next, not {firstEntry}.", nameof(firstEntry));
        var head = Head(lines, entries);
        _file.Write(head).OrThrow("write", _shown);
        _file.Write(lines).OrThrow("write", _shown);
        Note(head.Length, lines, entries, added);
    }

    private void Note(int head, ReadOnlySpan<byte> lines, int entries, TreeTotals added)
    {
        lock (_lock)
        {
            _hash.AppendData(lines);
            _pages.Add(new ManifestPage(_length + head, _totals.Entries, lines.Length, entries));
            _length += head + lines.Length;
            _totals += added;
        }
    }

    private static TreeTotals Count(ReadOnlySpan<byte> lines)
    {
        var totals = default(TreeTotals);
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            if (end < 0) throw new ArgumentException("A page's last line has no end.", nameof(lines));
            totals += CountLine(lines[..end]);
            lines = lines[(end + 1)..];
        }
        return totals;
    }

    private static TreeTotals CountLine(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'f', (byte)' ', ..]) return new TreeTotals(1, 0, 0);
        // f MODE UID GID MODIFIED ATTRIBUTES SIZE …
        var fields = new FieldReader(line);
        for (var i = 0; i < 6; i++) fields.Word();
        var size = fields.Number(long.MaxValue);
        return fields.Problem is { } problem
            ? throw new ArgumentException($"A page has a bad line: {problem}.", nameof(line))
            : new TreeTotals(1, 1, size);
    }

    /// <summary>Reads a page's lines.</summary>
    /// <exception cref="PosixException">The disk failed.</exception>
    public byte[] Read(int page)
    {
        var place = this[page];
        var lines = GC.AllocateUninitializedArray<byte>(place.Length);
        for (var at = 0; at < lines.Length;)
        {
            _file.Read(lines.AsSpan(at), place.Offset + at, out var bytes).OrThrow("pread", _shown);
            if (bytes == 0) throw new PosixException("pread", _shown, Errno.InputOutput);
            at += bytes;
        }
        return lines;
    }

    /// <summary>A page's entries.</summary>
    /// <exception cref="InvalidDataException">The file no longer holds what was appended.</exception>
    /// <exception cref="PosixException">The disk failed.</exception>
    public Entry[] Entries(int page) =>
        EntryLines.TryParse(Read(page), this[page].Entries, out var entries, out var why)
        ? entries
        : throw new InvalidDataException($"{_shown}, page {page}: {why}.");

    /// <summary>The entry of that number; null when it has not been appended.</summary>
    /// <exception cref="InvalidDataException">The file no longer holds what was appended.</exception>
    /// <exception cref="PosixException">The disk failed.</exception>
    public Entry? Entry(long number) =>
        PageOf(number) is >= 0 and var page ? Entries(page)[number - this[page].FirstEntry] : null;

    /// <summary>All entries appended so far, in order, page by page.</summary>
    /// <exception cref="InvalidDataException">The file no longer holds what was appended.</exception>
    /// <exception cref="PosixException">The disk failed.</exception>
    public IEnumerable<Entry> Entries()
    {
        for (var page = 0; page < PageCount; page++)
        {
            foreach (var entry in Entries(page)) yield return entry;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }
}
