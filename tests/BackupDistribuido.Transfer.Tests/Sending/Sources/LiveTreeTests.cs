
namespace BackupDistribuido.Transfer.Tests.Sending.Sources;

public sealed class LiveTreeTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A_page_has_no_other_number_than_its_own(int number)
    {
        using var link = new HandLink(source => File.WriteAllText(Path.Combine(source, "f"), "f"));
        Assert.Throws<ArgumentOutOfRangeException>(() => link.Tree.Page(number));
        Assert.Equal(0, link.Tree.Page(0)!.Number);
    }
}
