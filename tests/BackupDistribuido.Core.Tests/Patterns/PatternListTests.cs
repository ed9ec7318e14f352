using BackupDistribuido.Core.Patterns;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Patterns;

public sealed class PatternListTests
{
    private static PatternList Read(ReadOnlySpan<byte> content)
    {
        Assert.True(PatternFile.TryParse(content, out var patterns, out var line, out var why), $"line {line}: {why}");
        return new PatternList(patterns);
    }

    private static bool Excludes(PatternList list, string path) =>
        list.Excludes(TreePath.FromBytes(System.Text.Encoding.UTF8.GetBytes(path)), isDirectory: false);

    [Fact]
    public void The_last_pattern_that_matches_decides()
    {
        var list = Read("*.log\n!keep.log\n/old/keep.log\n"u8);

        Assert.True(Excludes(list, "a.log"));
        Assert.False(Excludes(list, "new/keep.log"));
        Assert.True(Excludes(list, "old/keep.log"));
        Assert.False(Excludes(list, "a.txt"));
    }

    [Fact]
    public void The_root_is_never_left_out() =>
        Assert.False(Read("*\n**\n.\n/**\n"u8).Excludes(TreePath.Root, isDirectory: true));

    [Fact]
    public void A_file_has_comments_empty_lines_and_spaces_that_do_not_count()
    {
        var list = Read("\uFEFFmarked\n# comment\n\n   \nspaces   \nkept\\ \nboth\\  \r\n\\#hash\nlast"u8);

        foreach (var name in new[] { "marked", "spaces", "kept ", "both ", "#hash", "last" })
            Assert.True(Excludes(list, name), name);
        foreach (var name in new[] { "# comment", " ", "spaces   ", "kept", "comment" })
            Assert.False(Excludes(list, name), name);
    }

    [Theory]
    [InlineData("a\n\nb[\nc", 3, "']'")]
    [InlineData("!\n", 1, "names nothing")]
    public void A_line_that_is_wrong_is_named(string content, int line, string says)
    {
        Assert.False(PatternFile.TryParse(System.Text.Encoding.UTF8.GetBytes(content), out _, out var wrong,
            out var why));
        Assert.Equal(line, wrong);
        Assert.Contains(says, why, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_a_greatest_number_of_patterns()
    {
        Assert.True(PatternFile.TryParse(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\n",
            PatternList.MaxPatterns + 1))), out var patterns, out _, out _));
        Assert.Throws<ArgumentException>(() => new PatternList(patterns));
    }
}
