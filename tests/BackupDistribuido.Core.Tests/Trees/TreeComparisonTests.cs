using System.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Trees;

/// <summary>A tree is written as words: <c>d/</c> is a directory, <c>!d</c> one that can't be read, <c>f=</c> an empty
/// file, <c>m/*</c> a directory that something is mounted on.</summary>
public sealed class TreeComparisonTests
{
    private static readonly Metadata Plain = new(0x1A4, 0, 0, default);

    [Theory]
    [InlineData("a b", "a b", 2, 2, 0, 0)]
    [InlineData("a b", "b c d", 2, 3, 0, 0)]
    [InlineData("", "", 0, 0, 0, 0)]
    // Emptied, deleted, unreadable; in the end, the middle and deep in the tree.
    [InlineData("d/ d/a d/e/ d/e/b", "d/", 4, 1, 3, 0)]
    [InlineData("d/ d/a d/e/ d/e/b x", "x", 5, 1, 0, 0)]
    [InlineData("d/ d/a d/e/ d/e/b x", "!d x", 5, 1, 3, 0)]
    [InlineData("d/ d/a d/e/ d/e/b x", "d/ d/a d/e/ x", 5, 4, 1, 0)]
    [InlineData("d/ d/a d.x/ d.x/b", "d/ d.x/ d.x/b", 4, 3, 1, 0)]
    // Not mounted any more: the folder is there, or gone with it, or has something else in it.
    [InlineData("m/* m/a m/b", "m/", 3, 1, 0, 2)]
    [InlineData("m/* m/a m/b", "", 3, 0, 0, 2)]
    [InlineData("m/* m/a m/b m/c", "m/ m/README", 4, 2, 0, 2)]
    // It is, and is empty; it was moved to where its mount was.
    [InlineData("m/* m/a m/b", "m/*", 3, 1, 2, 0)]
    [InlineData("m/* m/a m/b", "m/ m/a m/b", 3, 3, 0, 0)]
    // What could not be read before is no loss.
    [InlineData("!d a", "a d/ d/x", 1, 3, 0, 0)]
    public void What_is_gone_is_found(string before, string now, long entriesBefore, long entriesNow, long emptied,
        long unmounted)
    {
        var loss = Compare(before, now);
        Assert.Equal((entriesBefore, entriesNow, emptied, unmounted),
            (loss.Before, loss.Now, loss.Emptied.Entries, loss.Unmounted.Entries));
    }

    [Fact]
    public void The_directory_that_lost_most_is_named()
    {
        var loss = Compare("a/ a/x b/ b/x b/y c/ c/x", "a/ b/ c/");
        Assert.Equal((4, "b", 2), (loss.Emptied.Entries, loss.Emptied.Largest.ToString(), loss.Emptied.InLargest));
    }

    [Fact]
    public void Files_that_lost_their_content_are_counted() =>
        Assert.Equal(2, Compare("a b c d=", "a= b= c d=").Hollow);

    private static TreeLoss Compare(string before, string now)
    {
        var mounts = Words(before).Where(word => word.EndsWith('*')).Select(word => Path(word)).ToList();
        using var comparison = new TreeComparison(Words(before).Select(EntryOf), mounts);
        foreach (var word in Words(now)) comparison.Meet(EntryOf(word), word.EndsWith('*'));
        return comparison.Finish();
    }

    private static IEnumerable<string> Words(string tree) =>
        tree.Split(' ', StringSplitOptions.RemoveEmptyEntries).OrderBy(Path).Prepend("./");

    private static TreePath Path(string word) =>
        TreePath.FromBytes(Encoding.UTF8.GetBytes(word.Trim('/', '*', '!', '=')));

    private static Entry EntryOf(string word) => word switch
    {
        "./" => new DirectoryEntry(TreePath.Root, Plain),
        ['!', ..] => new OmittedEntry(Path(word), Omission.Unreadable),
        [.., '/'] or [.., '*'] => new DirectoryEntry(Path(word), Plain),
        _ => new FileEntry(Path(word), Plain, new FileStamp(word.EndsWith('=') ? 0 : 1, default, 1), null),
    };
}
