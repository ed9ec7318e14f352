using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Checking;

/// <summary>
/// The entries of a published manifest, once, each hard link with the entry that it is another name of. That entry is
/// found by the offsets of every 1,024th entry: 8 bytes of memory for each. For one thread.
/// </summary>
internal sealed class ManifestEntries(Func<Descriptor> open, string shown) : IDisposable
{
    private const int Step = 1024;

    private readonly ManifestReader _manifest = new(open(), shown);
    private readonly List<long> _marks = [];

    /// <summary>The path that the last entry is another name of; null: none.</summary>
    public TreePath? First { get; private set; }

    /// <summary>The entries.</summary>
    /// <exception cref="InvalidDataException">The manifest is not the sealed one, or a hard link in it has no
    /// target.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public IEnumerable<Entry> All()
    {
        var number = 0L;
        _marks.Add(_manifest.Offset);
        foreach (var entry in _manifest.Entries())
        {
            if (++number % Step == 0) _marks.Add(_manifest.Offset);
            First = null;
            yield return entry is HardLinkEntry link ? Named(link, number - 1) : entry;
        }
    }

    private Entry Named(HardLinkEntry link, long number)
    {
        if (link.First >= number) throw Wrong(link);
        var found = Find(link.First);
        First = found?.Path;
        return found switch
        {
            FileEntry file => file with { Path = link.Path },
            SymbolicLinkEntry target => target with { Path = link.Path },
            SpecialEntry special => special with { Path = link.Path },
            _ => throw Wrong(link),
        };
    }

    private Entry? Find(long number)
    {
        using var lines = new LineReader(open(), shown, EntryLine.MaxBytes, _marks[(int)(number / Step)]);
        for (var skipped = 0; ; skipped++)
        {
            if (!lines.TryNext(out var line, out _)) return null;
            if (skipped == number % Step) return EntryLine.TryParse(line, out var entry, out _) ? entry : null;
        }
    }

    private InvalidDataException Wrong(HardLinkEntry link) =>
        new($"{shown}: '{link.Path}' is another name of entry {link.First}, which can have none.");

    /// <inheritdoc/>
    public void Dispose() => _manifest.Dispose();
}
