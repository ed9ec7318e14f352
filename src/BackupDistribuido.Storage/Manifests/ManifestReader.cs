using System.Security.Cryptography;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>Reads a <see cref="ManifestFile"/>, line by line, with the memory of its longest line. Once, from front to
/// end.</summary>
public sealed class ManifestReader : IDisposable
{
    private readonly LineReader _lines;
    private readonly string _shown;

    /// <summary>Takes an open manifest over and reads its head.</summary>
    /// <exception cref="InvalidDataException">It is none; the message names file, line and reason.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    internal ManifestReader(Descriptor file, string shown)
    {
        (_lines, _shown) = (new LineReader(file, shown, EntryLine.MaxBytes), shown);
        try
        {
            (Origin, Snapshot) = ReadHead();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private (NodeName Origin, SnapshotId Snapshot) ReadHead()
    {
        if (Word("") is not ManifestFile.FirstLine) throw Wrong($"it is no '{ManifestFile.FirstLine}'");
        if (!NodeName.TryParse(Word("origin "), out var origin, out var why)) throw Wrong(why.ToString());
        if (!SnapshotId.TryParse(Word("snapshot "), out var snapshot)) throw Wrong("'snapshot ID' is expected");
        return (origin, snapshot);
    }

    /// <summary>Whose tree it is.</summary>
    public NodeName Origin { get; }

    /// <summary>Which snapshot it is.</summary>
    public SnapshotId Snapshot { get; }

    /// <summary>The seal; null until <see cref="Entries"/> has come to the end and found it right.</summary>
    public ManifestSeal? Seal { get; private set; }

    /// <summary>Where the line after the last one that was read begins, in bytes from the start of the file.</summary>
    internal long Offset => _lines.Offset;

    /// <summary>Reads only the seal of a published snapshot. Null if it has no manifest, or an incomplete
    /// one.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    internal static ManifestSeal? ReadSeal(OriginFolder folder, SnapshotId id)
    {
        using var manifest = folder.OpenManifest(id);
        return manifest is null ? null : ReadSeal(manifest, folder.ManifestPath(id));
    }

    /// <summary>Reads only the seal, at the end of the file, without checking the entries. Null when it has none: it
    /// was not finished.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    internal static ManifestSeal? ReadSeal(Descriptor file, string shown)
    {
        Span<byte> tail = stackalloc byte[ManifestFile.MaxSealBytes];
        file.Status(out var status).OrThrow("statx", shown);
        file.Read(tail, Math.Max(0, status.Size - tail.Length), out var read).OrThrow("pread", shown);
        if (read == 0 || tail[read - 1] != '\n') return null;
        tail = tail[..(read - 1)];
        return ManifestFile.TryParseSeal(tail[(tail.LastIndexOf((byte)'\n') + 1)..], out var seal, out _) ? seal : null;
    }

    /// <summary>The entries in their order, each checked for its place; after the last one the seal is
    /// checked.</summary>
    /// <exception cref="InvalidDataException">A line, the order or the seal is wrong; the message names file, line and
    /// reason.</exception>
    public IEnumerable<Entry> Entries()
    {
        var order = new TreeOrder();
        var totals = default(TreeTotals);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (Next(hash) is { } entry)
        {
            if (!order.TryNext(entry, out var why)) throw Wrong(why.ToString());
            totals = totals.With(entry);
            yield return entry;
        }
        if (Seal != new ManifestSeal(totals.Entries, totals.Bytes, Sha256Digest.Finish(hash)))
        {
            Seal = null;
            throw Wrong("the seal does not fit the entries");
        }
    }

    private Entry? Next(IncrementalHash hash)
    {
        if (!_lines.TryNext(out var line, out var why)) throw Wrong(why.ToString());
        // A socket's line begins with an s too.
        if (line.StartsWith("seal "u8))
        {
            if (!ManifestFile.TryParseSeal(line, out var seal, out why)) throw Wrong(why!);
            if (!_lines.AtEnd) throw Wrong("something follows the seal");
            Seal = seal;
            return null;
        }
        if (!EntryLine.TryParse(line, out var entry, out var problem)) throw Wrong(problem);
        hash.AppendData(line);
        hash.AppendData("\n"u8);
        return entry;
    }

    private string Word(string label)
    {
        if (!_lines.TryNext(out var line, out var why)) throw Wrong(why.ToString());
        var text = Encoding.UTF8.GetString(line);
        return text.StartsWith(label, StringComparison.Ordinal)
            ? text[label.Length..] : throw Wrong($"'{label.TrimEnd()}' is expected");
    }

    private InvalidDataException Wrong(string why) => new($"{_shown}, line {_lines.Number}: {why}.");

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
