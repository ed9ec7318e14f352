using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Tests.Trees;
using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Replicas;

public sealed class ReplicaComparisonTests
{
    private static readonly Metadata Plain = new(0, 0, 0, default);
    private static readonly TreePath A = TreePath.FromBytes("a"u8);

    [Fact]
    public void Every_path_of_either_side_comes_once_in_order_and_with_what_both_have_of_it() =>
        Gen.Select(SampleTrees.Path.List[0, 30], Gen.Int[0, 2].Array[30]).Sample((paths, sides) =>
        {
            var all = paths.Distinct().Order().ToList();
            // 0: both have it; 1: the manifest alone; 2: the disk alone.
            var said = all.Where((_, i) => sides[i] != 2).Select(path => (Entry)SampleTrees.Directory(path)).ToList();
            var found = all.Where((_, i) => sides[i] != 1).Select(path => (Entry)SampleTrees.Directory(path)).ToList();

            var pairs = ReplicaComparison.Pair(said, found).ToList();

            Assert.Equal(all, pairs.Select(pair => (pair.Said ?? pair.Found)!.Path));
            Assert.Equal(said, pairs.Select(pair => pair.Said).OfType<Entry>());
            Assert.Equal(found, pairs.Select(pair => pair.Found).OfType<Entry>());
            Assert.All(pairs,
                pair => Assert.True(pair.Said is null || pair.Found is null || pair.Said.Path == pair.Found.Path));
        });

    [Fact]
    public void Whatever_is_there_as_it_was_said_is_right() =>
        SampleTrees.Entry.Where(entry => entry is not OmittedEntry).Sample(entry =>
    {
        Assert.Null(ReplicaComparison.WhyNot(entry, entry, ReplicaLimits.None));
        Assert.Equal(EntryFault.Missing, ReplicaComparison.WhyNot(entry, null, ReplicaLimits.None));
        Assert.Equal(EntryFault.Extra, ReplicaComparison.WhyNot(null, entry, ReplicaLimits.None));
        Assert.Equal(EntryFault.Unreadable,
            ReplicaComparison.WhyNot(entry, new OmittedEntry(entry.Path, Omission.Unreadable), ReplicaLimits.None));
    });

    [Fact]
    public void What_differs_is_told_apart()
    {
        SpecialEntry pipe = new(A, Plain, SpecialKind.Fifo), device = new(A, Plain, SpecialKind.BlockDevice, 8, 1);

        Assert.Equal(EntryFault.OtherSize, Why(File(3), File(4)));
        Assert.Equal(EntryFault.OtherContent, Why(Link("x"), Link("y")));
        Assert.Equal(EntryFault.OtherKind, Why(File(3), Link("x")));
        Assert.Equal(EntryFault.OtherKind, Why(new DirectoryEntry(A, Plain), File(3)));
        Assert.Equal(EntryFault.OtherKind, Why(pipe, pipe with { Kind = SpecialKind.Socket }));
        Assert.Equal(EntryFault.OtherKind, Why(device, device with { Minor = 2 }));
        Assert.Null(Why(File(3), File(3) with { Metadata = Plain with { Mode = 7 } }));
    }

    [Fact]
    public void What_was_left_out_should_not_be_there()
    {
        Assert.Null(Why(new OmittedEntry(A, Omission.Changed), null));
        Assert.Equal(EntryFault.Extra, Why(new OmittedEntry(A, Omission.Changed), File(3)));
    }

    [Fact]
    public void What_a_destination_can_not_hold_is_not_missed()
    {
        Assert.Null(ReplicaComparison.WhyNot(Link("x"), null, ReplicaLimits.SymbolicLinks));
        Assert.Null(ReplicaComparison.WhyNot(new SpecialEntry(A, Plain, SpecialKind.Fifo), null,
            ReplicaLimits.SpecialFiles));
        Assert.Equal(EntryFault.Missing, ReplicaComparison.WhyNot(Link("x"), null, ReplicaLimits.SpecialFiles));
        Assert.Equal(EntryFault.Missing, ReplicaComparison.WhyNot(File(3), null, ~ReplicaLimits.None));
    }

    [Fact]
    public void A_hard_link_is_looked_up_first() =>
        Assert.Throws<ArgumentException>(() => Why(new HardLinkEntry(A, 1), File(3)));

    private static EntryFault? Why(Entry? said, Entry? found) =>
        ReplicaComparison.WhyNot(said, found, ReplicaLimits.None);

    private static FileEntry File(long size) => new(A, Plain, new FileStamp(size, default, 0), null);

    private static SymbolicLinkEntry Link(string target) => new(A, Plain, System.Text.Encoding.ASCII.GetBytes(target));
}
