using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees.Lines;

public sealed class EntryLinesTests
{
    private const string Two = "! vanished a\n! vanished b\n";

    [Fact]
    public void Several_entries_survive_the_round_trip() =>
        SampleTrees.Entry.Array[0, 20].Sample(entries =>
        {
            var text = new ArrayBufferWriter<byte>();
            foreach (var entry in entries) EntryLine.Write(entry, text);
            return EntryLines.TryParse(text.WrittenSpan, entries.Length, out var read, out _)
                && read.SequenceEqual(entries);
        });

    [Theory]
    [InlineData("", 1, "0 bytes can't be 1 entries")]
    [InlineData(Two, -1, "26 bytes can't be -1 entries")]
    [InlineData(Two, int.MaxValue, "26 bytes can't be 2147483647 entries")]
    [InlineData(Two, 1, "13 bytes after the last entry")]
    [InlineData(Two, 0, "26 bytes after the last entry")]
    [InlineData(Two, 3, "entry line 3 has no end")]
    [InlineData("! vanished a\n! vanished b", 2, "entry line 2 has no end")]
    [InlineData("! vanished a\n! vanished ..\n", 2, "entry line 2: path has a '..' component")]
    [InlineData("! vanished a\r\n! vanished b\n", 2, "entry line 1: 'a%0D' is not percent-encoded as it must be")]
    [InlineData("\n! vanished a\n! vanished b\n", 3, "entry line 1: empty field")]
    public void A_text_of_another_count_or_a_wrong_line_is_refused_by_its_number(string text, int count, string problem)
    {
        Assert.False(EntryLines.TryParse(Encoding.ASCII.GetBytes(text), count, out var entries, out var why));

        Assert.Equal(problem, why);
        Assert.Null(entries);
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        var text = Encoding.ASCII.GetBytes(Two);
        for (var length = 0; length < text.Length; length++)
        {
            Assert.False(EntryLines.TryParse(text.AsSpan(0, length), 2, out _, out var why));
            Assert.NotEmpty(why);
        }
        Assert.True(EntryLines.TryParse(text, 2, out var entries, out _));
        Assert.Equal(2, entries.Length);
    }
}
