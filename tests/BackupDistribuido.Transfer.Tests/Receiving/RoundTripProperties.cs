using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Scanning;
using CsCheck;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Two trees one after the other, over links that break, and reads that end anywhere: scan, pages, needs,
/// content, the wire's bytes, staging, publishing.</summary>
public sealed class RoundTripProperties
{
    private static readonly Gen<RandomTree.Node[]> Tree = RandomTree.Inside(2);

    // The next tree has some of what the one before had.
    private static readonly Gen<(RandomTree.Node[] First, RandomTree.Node[] Next, bool Records, int Seed)> Trees =
        Gen.Select(Tree, Tree, Gen.Int[0, 7], Gen.Bool, Gen.Int, (first, more, keep, records, seed) =>
        (first, first.Where((_, i) => (keep >> i & 1) == 1 || i > 2).Concat(more)
            .DistinctBy(node => Convert.ToHexString(node.Name)).ToArray(), records, seed));

    // An independent judge. It takes two files that became one for right, as long as they have one content: the scans
    // don't.
    private static readonly bool HasRsync = new TemporaryFolder().Run("rsync --version").Exit == 0;

    [Fact]
    public void Any_two_small_trees_arrive_as_they_were_whatever_happens_to_the_links() => Trees.Sample(trees =>
    {
        var random = new Random(trees.Seed);
        using var link = new HandLink(source =>
        {
            Directory.Delete(source);
            RandomTree.Make(source, trees.First);
        });
        link.Reads = () => random.Next(4) == 0 ? random.Next(1, 40) : random.Next(1, 100_000);
        link.Pass = _ => random.Next(6) > 0;
        Arrives(link);
        link.Replace(trees.Next);
        link.BeginNext(trees.Records);
        Arrives(link);
    }, iter: 60, threads: 1);

    private static void Arrives(HandLink link)
    {
        for (var links = 1; !Runs(link); links++) Assert.InRange(links, 1, 500);
        link.PublishAndCompare(HasRsync ? "rsync -aHAXSc --numeric-ids --dry-run --itemize-changes --delete" : "true");
        using var source = SourceTree.Open(link.Source);
        using var published = SourceTree.Open(link.Published);
        Assert.Equal(source.Scan(_ => { }).Select(WithoutStamp), published.Scan(_ => { }).Select(WithoutStamp));
    }

    private static bool Runs(HandLink link)
    {
        try
        {
            return link.Run();
        }
        catch (ProtocolException e) when (e.Code == ErrorCode.Digest)
        {
            // What seemed unchanged was not: the next link brings it.
            return false;
        }
    }

    private static Entry WithoutStamp(Entry entry) =>
        entry is FileEntry file ? file with { Stamp = new FileStamp(file.Stamp.Size, default, 0) } : entry;
}
