using BackupDistribuido.Core.Naming;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Naming;

public sealed class NodeNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("LAPTOP-photos_2.bak")]
    [InlineData("-")]
    [InlineData("_.")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_name_is_read_and_written_the_same(string text) => Assert.Equal(text, NodeName.Parse(text).ToString());

    [Theory]
    [InlineData(null, "a name is empty")]
    [InlineData("", "a name is empty")]
    [InlineData(".", "the name '.' begins with a dot")]
    [InlineData("..", "the name '..' begins with a dot")]
    [InlineData(".hidden", "the name '.hidden' begins with a dot")]
    [InlineData("a/b", "the name 'a/b' has a character other than A-Z a-z 0-9 . _ -")]
    [InlineData("a b", "the name 'a b' has a character other than A-Z a-z 0-9 . _ -")]
    [InlineData("año", "the name 'año' has a character other than A-Z a-z 0-9 . _ -")]
    [InlineData("a٣", "the name 'a٣' has a character other than A-Z a-z 0-9 . _ -")]
    [InlineData("a\n", "the name 'a%0A' has a character other than A-Z a-z 0-9 . _ -")]
    [InlineData("\e[31m", "the name '%1B[31m' has a character other than A-Z a-z 0-9 . _ -")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234",
        "the name '0123456789012345'… has more than 64 characters")]
    public void What_is_no_name_is_refused_and_shown_without_control_characters(string? text, string problem)
    {
        Assert.False(NodeName.TryParse(text, out var name, out var why));

        Assert.Equal(problem, why?.ToString());
        Assert.Throws<InvalidOperationException>(() => name.ToString());
    }

    [Theory]
    [InlineData("my laptop", "my-laptop")]
    [InlineData("...", "node")]
    [InlineData("", "node")]
    [InlineData("/srv/año/", "srv-a-o")]
    [InlineData(".config", "config")]
    public void The_nearest_name_keeps_what_is_allowed(string text, string name) =>
        Assert.Equal(name, NodeName.Nearest(text).ToString());

    [Fact]
    public void The_nearest_name_to_anything_is_a_name() =>
        Gen.String[0, 200].Sample(text => NodeName.TryParse(NodeName.Nearest(text).ToString(), out _, out _));
}
