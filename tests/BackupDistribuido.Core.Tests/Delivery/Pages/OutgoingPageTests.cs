using System.Text;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Pages;

public sealed class OutgoingPageTests
{
    [Fact]
    public void It_is_complete_with_its_last_digest_or_without_the_file()
    {
        var page =
            Page("f 644 0 0 0.000000000 - 1 0.000000000 1 - a\n", "f 644 0 0 0.000000000 - 1 0.000000000 1 - b\n");
        Assert.False(page.IsComplete);

        page[7] = Assert.IsType<FileEntry>(page[7]) with { Digest = Sha256Digest.OfNothing };
        Assert.False(page.IsComplete);
        page[8] = new OmittedEntry(page[8].Path, Omission.Vanished);

        Assert.True(page.IsComplete);
    }

    [Fact]
    public void Its_frame_and_lines_are_what_a_receiver_parses()
    {
        var page = Page("d 755 0 0 0.000000000 - a\n", "! vanished b\n");
        var lines = page.Lines();

        Assert.Equal(new PageFrame(3, 7, 2, lines.Length, Sha256Digest.Of(lines.Span)), page.Frame(lines.Span));
        Assert.Equal("d 755 0 0 0.000000000 - a\n! vanished b\n", Encoding.ASCII.GetString(lines.Span));
    }

    [Fact]
    public void It_has_one_entry_at_least_and_no_more_than_the_limit()
    {
        Assert.ThrowsAny<ArgumentException>(() => new OutgoingPage(0, 0, []));
        Assert.ThrowsAny<ArgumentException>(() => new OutgoingPage(0, 0, new Entry[WireLimits.PageEntries + 1]));
    }

    private static OutgoingPage Page(params string[] lines) =>
        EntryLines.TryParse(Encoding.ASCII.GetBytes(string.Concat(lines)), lines.Length, out var entries, out var why)
            ? new OutgoingPage(3, 7, entries) : throw new FormatException(why);
}
