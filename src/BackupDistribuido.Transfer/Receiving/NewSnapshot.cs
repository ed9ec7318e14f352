using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>A new snapshot of a destination, in staging until it is published. What stays in staging belongs to the
/// caller; this owns the earlier snapshots.</summary>
/// <param name="staged">Where it is written.</param>
/// <param name="earlier">Where unchanged files are taken from, the first that has one.</param>
public sealed class NewSnapshot(StagedSnapshot staged, params IReadOnlyList<EarlierSnapshot> earlier) : ISnapshotSink
{
    /// <inheritdoc/>
    public int Pages => staged.Draft.PageCount;

    /// <inheritdoc/>
    public TreeTotals Totals => staged.Draft.Totals;

    /// <inheritdoc/>
    public Entry? Last => Pages > 0 ? staged.Draft.Entries(Pages - 1)[^1] : null;

    /// <inheritdoc/>
    public ManifestSeal Seal => staged.Draft.Seal;

    /// <inheritdoc/>
    public void Append(CompletePage page) => staged.Draft.Append(page.Lines.Span, page.First, page.Count);

    /// <inheritdoc/>
    public void Make(Entry entry)
    {
        switch (entry)
        {
            case DirectoryEntry directory: staged.Writer.Apply(directory); break;
            case SymbolicLinkEntry link: staged.Writer.Apply(link); break;
            case SpecialEntry special: staged.Writer.Apply(special); break;
        }
    }

    /// <inheritdoc/>
    public ISinkFile? TryCreate(FileEntry file) =>
        staged.Writer.TryCreate(file) is { } created ? new Writing(created) : null;

    /// <inheritdoc/>
    public FoundFile? Find(FileEntry file, bool mayStayOpen)
    {
        var kept = staged.TakeKept(file, mayStayOpen);
        if (kept is { Beginning: { } beginning, Hash: { } hash })
            return new FoundFile(null, new Writing(beginning), hash);
        if (kept?.Whole is { } whole) return new FoundFile(whole);
        foreach (var one in earlier)
        {
            if (one.Take(file) is { } taken) return new FoundFile(taken.Digest, Taken: taken);
        }
        return null;
    }

    /// <inheritdoc/>
    public void Confirm(FileEntry file, FoundFile found) => staged.Taken(file.Stamp.Size, found.Taken);

    /// <inheritdoc/>
    public void Remove(TreePath path) => staged.Writer.Remove(path);

    /// <inheritdoc/>
    public void Publish(ManifestSeal seal) => staged.Publish(seal);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in earlier) one.Dispose();
    }

    private sealed class Writing(WrittenFile file) : ISinkFile
    {
        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> bytes) => file.Write(bytes);

        public void Skip(long bytes) => file.Skip(bytes);

        public void Finish() => file.Finish();

        public void Leave() => file.Leave();

        public void Abandon() => file.Abandon();
    }
}
