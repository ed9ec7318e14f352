using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class TreeTotalsTests
{
    [Fact]
    public void Every_entry_counts_and_files_count_with_their_bytes()
    {
        string[] lines = ["d 755 0 0 0.000000000 - .", "f 644 0 0 0.000000000 - 12 0.000000000 1 - a",
            "f 644 0 0 0.000000000 - 30 0.000000000 2 - b", "! vanished c"];
        var totals = lines.Aggregate(default(TreeTotals), (sum, line) =>
            EntryLine.TryParse(Encoding.ASCII.GetBytes(line), out var entry, out var why)
                ? sum.With(entry) : throw new FormatException(why));

        Assert.Equal(new TreeTotals(Entries: 4, Files: 2, Bytes: 42), totals);
        Assert.Equal(new TreeTotals(8, 4, 84), totals + totals);
    }

    [Fact]
    public void More_than_there_are_numbers_is_the_highest_number()
    {
        var most = new TreeTotals(1, 1, long.MaxValue);
        Assert.Equal(new TreeTotals(2, 2, long.MaxValue), most + most);
        Assert.Equal(long.MaxValue,
            most.With(new FileEntry(TreePath.FromBytes("a"u8), new Metadata(0, 0, 0, default),
                new FileStamp(5, default, 1), null)).Bytes);
    }
}
