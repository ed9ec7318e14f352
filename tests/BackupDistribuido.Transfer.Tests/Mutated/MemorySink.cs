using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Mutated;

/// <summary>A sink that keeps the manifest's lines and of files only their lengths.</summary>
internal sealed class MemorySink : ISnapshotSink
{
    private readonly MemoryStream _lines = new();

    public int Pages { get; private set; }

    public TreeTotals Totals { get; private set; }

    public Entry? Last { get; private set; }

    public ManifestSeal Seal =>
        new(Totals.Entries, Totals.Bytes, Sha256Digest.Of(_lines.GetBuffer().AsSpan(0, (int)_lines.Length)));

    public void Append(CompletePage page)
    {
        Assert.Equal(Pages, page.Number);
        Assert.Equal(Totals.Entries, page.First);
        Assert.True(EntryLines.TryParse(page.Lines.Span, page.Count, out var entries, out var why), why);
        var files = entries.OfType<FileEntry>().ToList();
        Assert.All(files, file => Assert.NotNull(file.Digest));
        Totals += new TreeTotals(page.Count, files.Count, files.Sum(file => file.Stamp.Size));
        (Pages, Last) = (Pages + 1, entries[^1]);
        _lines.Write(page.Lines.Span);
    }

    public void Make(Entry entry)
    {
    }

    public ISinkFile TryCreate(FileEntry file) => new SinkFile();

    public FoundFile? Find(FileEntry file, bool mayStayOpen) => null;

    public void Confirm(FileEntry file, FoundFile found)
    {
    }

    public void Remove(TreePath path)
    {
    }

    public void Publish(ManifestSeal seal) => Assert.Equal(Seal, seal);

    public void Dispose()
    {
    }

    private sealed class SinkFile : ISinkFile
    {
        public long Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes) => Length += bytes.Length;

        public void Skip(long bytes) => Length += bytes;

        public void Finish()
        {
        }

        public void Leave()
        {
        }

        public void Abandon()
        {
        }
    }
}
