using System.Text;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>What every sink of a snapshot keeps to.</summary>
public abstract class SnapshotSinkContract : IDisposable
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("what is in it");

    /// <summary>A place for what is written.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>The sink, empty. It is the suite's.</summary>
    protected abstract ISnapshotSink Sink { get; }

    /// <summary>Where what is published is to be seen.</summary>
    protected abstract string Place { get; }

    [Fact]
    public void It_begins_with_nothing()
    {
        Assert.Equal((0, null), (Sink.Pages, Sink.Last));
        Assert.Equal(default, Sink.Totals);
        Assert.Null(Sink.Find(Of("f"), mayStayOpen: true));
    }

    [Fact]
    public void What_was_written_is_there_when_it_is_published_and_not_before()
    {
        var (root, directory) = (Directory("."), Directory("d"));
        var file = Of("d/f") with { Digest = Sha256Digest.Of(Content) };
        Sink.Make(root);
        Sink.Make(directory);
        Write("d/f");
        Append(root, directory, file);
        Assert.False(Exists(Place));

        Sink.Publish(Sink.Seal);

        Assert.Equal(Content, File.ReadAllBytes(Path.Combine(Place, "d/f")));
    }

    [Fact]
    public void It_knows_its_final_pages()
    {
        var (root, file) = (Directory("."), Of("f") with { Digest = Sha256Digest.Of(Content) });
        Sink.Make(root);
        Write("f");
        Append(root, file);

        Assert.Equal((1, file), (Sink.Pages, Sink.Last));
        Assert.Equal((2, 1, Content.Length), (Sink.Totals.Entries, Sink.Totals.Files, Sink.Totals.Bytes));
        Assert.Equal((2, Content.Length), (Sink.Seal.Entries, Sink.Seal.Bytes));
    }

    [Fact]
    public void Nothing_is_published_with_another_seal()
    {
        Sink.Make(Directory("."));
        Append(Directory("."));
        Assert.Throws<InvalidDataException>(() => Sink.Publish(Sink.Seal with { Digest = Sha256Digest.OfNothing }));
        Assert.False(Exists(Place));
    }

    [Fact]
    public void A_file_is_removed_and_written_again()
    {
        var (root, file) = (Directory("."), Of("f") with { Digest = Sha256Digest.Of(Content) });
        Sink.Make(root);
        var wrong = Sink.TryCreate(Of("f"))!;
        wrong.Write("something else"u8);
        wrong.Finish();
        Sink.Remove(file.Path);
        Write("f");
        Append(root, file);
        Sink.Publish(Sink.Seal);
        Assert.Equal(Content, File.ReadAllBytes(Path.Combine(Place, "f")));
    }

    [Fact]
    public void What_is_not_there_is_removed_without_an_error()
    {
        Sink.Make(Directory("."));
        Sink.Remove(Of("f").Path);
        Sink.Remove(Of("d/f").Path);
    }

    [Fact]
    public void A_file_that_is_given_up_is_not_there()
    {
        Sink.Make(Directory("."));
        var file = Sink.TryCreate(Of("f"))!;
        file.Write(Content);
        file.Abandon();
        Append(Directory("."));
        Sink.Publish(Sink.Seal);
        Assert.False(Exists(Path.Combine(Place, "f")));
    }

    [Fact]
    public void A_hole_reads_as_zeros()
    {
        var (root, length) = (Directory("."), 1_000_000 + Content.Length);
        Sink.Make(root);
        var file = Sink.TryCreate(Of("f", length))!;
        file.Skip(1_000_000);
        file.Write(Content);
        Assert.Equal(length, file.Length);
        file.Finish();
        byte[] expected = [.. new byte[1_000_000], .. Content];
        Append(root, Of("f", length) with { Digest = Sha256Digest.Of(expected) });
        Sink.Publish(Sink.Seal);
        Assert.Equal(expected, File.ReadAllBytes(Path.Combine(Place, "f")));
    }

    [Fact]
    public void A_symbolic_link_and_a_fifo_are_made_and_other_entries_are_passed_over()
    {
        var root = Directory(".");
        var (link, fifo) = (Parse("l 777 0 0 0.000000000 - target l"), Parse("p 644 0 0 0.000000000 - p"));
        foreach (var entry in (Entry[])[root, link, fifo, Of("f"), new OmittedEntry(Of("o").Path, Omission.Changed)])
            Sink.Make(entry);
        Append(root, link, new OmittedEntry(Of("o").Path, Omission.Changed), fifo);
        Sink.Publish(Sink.Seal);
        Assert.Equal("target", new FileInfo(Path.Combine(Place, "l")).LinkTarget);
        Assert.Equal((0, "fifo\n"), Folder.Run($"stat -c %F '{Place}/p'"));
        Assert.False(Exists(Path.Combine(Place, "f")));
    }

    private void Write(string path)
    {
        var file = Sink.TryCreate(Of(path))!;
        file.Write(Content.AsSpan(0, 4));
        file.Write(Content.AsSpan(4));
        Assert.Equal(Content.Length, file.Length);
        file.Finish();
    }

    private void Append(params Entry[] entries) =>
        Sink.Append(new CompletePage(0, 0, entries.Length, EntryLines.Write(entries)));

    private static DirectoryEntry Directory(string path) =>
        (DirectoryEntry)Parse($"d 755 0 0 0.000000000 - {path}");

    private static FileEntry Of(string path, long? length = null) =>
        (FileEntry)Parse($"f 644 0 0 0.000000000 - {length ?? Content.Length} 0.000000000 1 - {path}");

    private static Entry Parse(string line) =>
        EntryLine.TryParse(Encoding.ASCII.GetBytes(line), out var entry, out var why) ? entry
            : throw new FormatException(why);

    private static bool Exists(string path) => Path.Exists(path);

    /// <inheritdoc/>
    public virtual void Dispose() => Folder.Dispose();
}
