using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Tests.Sending.Sources;

/// <summary>What every source of a snapshot keeps to. The tree has two pages.</summary>
public abstract class SnapshotSourceContract : IDisposable
{
    private const int Directories = WireLimits.PageEntries;

    /// <summary>The tree that was there when the source was made.</summary>
    internal HandLink Link { get; } = new(folder =>
    {
        File.WriteAllText(Path.Combine(folder, "a"), "content of a");
        File.WriteAllText(Path.Combine(folder, "b"), "");
        for (var i = 0; i < Directories; i++) Directory.CreateDirectory(Path.Combine(folder, $"d{i:0000}"));
        File.WriteAllText(Path.Combine(folder, "z"), "content of z");
    });

    /// <summary>The source. It is the suite's.</summary>
    protected abstract ISnapshotSource Source { get; }

    /// <summary>Where its files lie.</summary>
    protected abstract string Folder { get; }

    [Fact]
    public void Its_pages_follow_each_other_and_end()
    {
        var (first, second) = (Source.Page(0)!, Source.Page(1)!);
        Assert.Equal((0, 0L, 1, (long)first.Count), (first.Number, first.First, second.Number, second.First));
        Assert.Equal(Directories + 4, first.Count + second.Count);
        Assert.True(first[0].Path.IsRoot);
        Assert.Null(Source.Page(2));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void No_page_has_another_ones_number(int number)
    {
        Source.Page(0);
        Source.Page(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Source.Page(number));
    }

    [Fact]
    public void Each_pass_gives_the_same_pages_and_the_same_seal()
    {
        var (once, seal) = (Pass(), Source.MakeSeal());
        Assert.Equal(once, Pass());
        Assert.Equal(seal, Source.MakeSeal());
    }

    [Fact]
    public void It_is_sealed_when_all_its_pages_are_final()
    {
        Pass();
        var seal = Source.MakeSeal();
        Assert.Equal((2, 2), (Source.FinalPages, seal.Pages));
        Assert.Equal((seal.Digest, seal.Entries, seal.Bytes),
            (Source.Seal!.Digest, Source.Seal.Totals.Entries, Source.Seal.Totals.Bytes));
        Assert.Equal(Link.Replica.Seal!.Value.Digest, seal.Digest);
    }

    [Fact]
    public void A_file_is_read_and_ends_with_its_digest()
    {
        Pass();
        var frames = Read(Source.Page(0)!, NeedSet.Of([new Need(1, 3)]), provesAll: true);
        Assert.Equal([new DataFrame(1, 3, 9), new EndFrame(1, 12, Sha256Digest.Of("content of a"u8))], frames);
    }

    [Fact]
    public void A_file_of_a_final_page_that_is_gone_is_spoiled()
    {
        Pass();
        File.Delete(Path.Combine(Folder, "a"));
        Assert.Equal([new SpoiledFrame(1)], Read(Source.Page(0)!, NeedSet.Of([new Need(1, 0)])));
    }

    [Fact]
    public void A_file_of_a_final_page_that_has_another_length_is_spoiled()
    {
        Pass();
        File.WriteAllText(Path.Combine(Folder, "a"), "short");
        Assert.Equal([new SpoiledFrame(1)], Read(Source.Page(0)!, NeedSet.Of([new Need(1, 0)])));
    }

    /// <summary>One pass in which nobody lacks anything; the lines of its pages at its end.</summary>
    private List<string> Pass()
    {
        for (var number = 0; Source.Page(number) is { } page; number++) Read(page, NeedSet.Nothing);
        var lines = new List<string>();
        for (var number = 0; Source.Page(number) is { } page; number++)
        {
            Assert.True(Source.IsFinal(page));
            lines.Add(System.Text.Encoding.UTF8.GetString(page.Lines().Span));
        }
        return lines;
    }

    private List<Frame> Read(OutgoingPage page, NeedSet needs, bool provesAll = false)
    {
        using var parcels = new ParcelBuilder(new BufferPool());
        using var reader = new ContentReader(Source, parcels, provesAll: provesAll);
        var frames = new List<Frame>();
        reader.Begin(page, needs);
        for (var isDone = false; !isDone;)
        {
            isDone = reader.Fill();
            if (parcels.Take() is not { } parcel) continue;
            frames.AddRange(parcel.Frames.Select(slice => slice.Frame));
            parcel.Release();
        }
        return frames;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Source.Dispose();
        Link.Dispose();
    }
}

public sealed class LiveTreeContractTests : SnapshotSourceContract
{
    private readonly LiveTree _tree;

    public LiveTreeContractTests()
    {
        Link.Run();
        _tree = new LiveTree(SourceTree.Open(Link.Source), TreeObserver.To(_ => { }));
    }

    protected override ISnapshotSource Source => _tree;

    protected override string Folder => Link.Source;

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 10)]
    public void What_is_known_is_read_from_its_beginning_only_where_it_is_to_be_proven(bool provesAll, int read)
    {
        using var link = new HandLink(folder => File.WriteAllText(Path.Combine(folder, "f"), "1234567890"));
        link.Run();
        var before = link.Tree.Seal!.Source!.BytesRead;
        using var parcels = new ParcelBuilder(new BufferPool());
        using var reader = new ContentReader(link.Tree, parcels, provesAll: provesAll);
        reader.Begin(link.Tree.Page(0)!, NeedSet.Of([new Need(1, 6)]));
        Assert.True(reader.Fill());
        parcels.Take()!.Release();
        Assert.Equal(read, link.Tree.Seal!.Source!.BytesRead - before);
    }
}

public sealed class StoredReplicaContractTests : SnapshotSourceContract
{
    private readonly StoredReplica _replica;

    public StoredReplicaContractTests()
    {
        Link.Run();
        Link.Publish();
        var stored = StoredTree.Open(Link.Root, HandLink.Origin, HandLink.Id);
        _replica = new StoredReplica(stored.Files, stored.Manifest, TreeObserver.To(_ => { }), _ => { });
    }

    protected override ISnapshotSource Source => _replica;

    protected override string Folder => Link.Published;
}
