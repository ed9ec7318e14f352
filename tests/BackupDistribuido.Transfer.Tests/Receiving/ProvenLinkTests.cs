using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Links whose content was hashed by its sender in the very memory in which it comes.</summary>
public sealed class ProvenLinkTests
{
    private static readonly Sha256Digest Digest = Sha256Digest.Of("12345678"u8);

    [Fact]
    public void What_comes_is_not_hashed_again()
    {
        using var link = Begun();
        link.Take(new DataFrame(1, 0, 8), "damaged!"u8);
        link.Take(new EndFrame(1, 8, Digest));

        Assert.Equal(1, link.Replica.FirstPage);
        Assert.Equal(8, link.Replica.Done);
    }

    [Fact]
    public void What_is_unfinished_at_its_end_comes_again_from_its_beginning()
    {
        using var link = Begun();
        link.Take(new DataFrame(1, 0, 4), "1234"u8);
        link.EndLink();
        Assert.Equal(0, link.Replica.Done);

        Announce(link, isProven: false);

        Assert.Equal(0, link.Needs[0].RangesOf(1)?.First);
        link.Take(new DataFrame(1, 0, 8), "12345678"u8);
        link.Take(new EndFrame(1, 8, Digest));
        Assert.Equal(1, link.Replica.FirstPage);
    }

    [Fact]
    public void A_file_that_is_not_all_there_is_not_taken()
    {
        using var link = Begun();
        link.Take(new DataFrame(1, 0, 4), "1234"u8);
        var thrown = Assert.Throws<ProtocolException>(() => link.Take(new EndFrame(1, 8, Digest)));
        Assert.Equal(ErrorCode.Order, thrown.Code);
    }

    [Theory]
    [InlineData("1234", 1)]
    [InlineData("????", 0)]
    public void A_beginning_that_was_there_is_hashed_with_the_rest(string beginning, int pages)
    {
        using var link = Begun(isProven: false);
        link.Take(new DataFrame(1, 0, 4), System.Text.Encoding.ASCII.GetBytes(beginning));

        Announce(link, isProven: true);

        Assert.Equal(4, link.Needs[0].RangesOf(1)?.First);
        link.Take(new DataFrame(1, 4, 4), "5678"u8);
        link.Take(new EndFrame(1, 8, Digest));
        Assert.Equal(pages, link.Replica.FirstPage);
    }

    private static HandLink Begun(bool isProven = true)
    {
        var link = new HandLink(source => File.WriteAllText(Path.Combine(source, "f"), "12345678"));
        Announce(link, isProven);
        return link;
    }

    private static void Announce(HandLink link, bool isProven)
    {
        link.BeginLink(isProven);
        var page = link.Tree.Page(0)!;
        var lines = page.Lines();
        link.Take(page.Frame(lines.Span), lines.Span);
    }
}
