using System.Text;
using BackupDistribuido.Core.Patterns;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Patterns;

public sealed class PatternTests
{
    // Latin-1 stands for bytes here.
    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static bool Matches(string pattern, string path)
    {
        Assert.True(Pattern.TryParse(Bytes(pattern), out var parsed, out var why), why);
        var isDirectory = path.EndsWith('/');
        return parsed.Matches(TreePath.FromBytes(Bytes(path.TrimEnd('/'))), isDirectory);
    }

    [Theory]
    // Names at any depth.
    [InlineData("b", "a/b")]
    [InlineData("*.tmp", "a/x.tmp")]
    [InlineData("*", "a/b/c")]
    [InlineData("a?c", "abc")]
    [InlineData("a**c", "a/abbc")]
    [InlineData("*a*b*", "xaybz")]
    // Directories only.
    [InlineData("b/", "a/b/")]
    // Anchored.
    [InlineData("/a", "a")]
    [InlineData("a/b", "a/b")]
    [InlineData("/a/*/c", "a/b/c")]
    [InlineData("a/", "x/a/")]
    // Any number of directories.
    [InlineData("**/b", "b")]
    [InlineData("**/b", "a/x/b")]
    [InlineData("a/**/b", "a/b")]
    [InlineData("a/**/b", "a/x/y/b")]
    [InlineData("a/**", "a/x/y")]
    [InlineData("***/b", "a/x/b")]
    [InlineData("**/a/**/b/*", "x/a/a/y/b/b/c")]
    // Classes.
    [InlineData("[ab]", "b")]
    [InlineData("[!ab]", "c")]
    [InlineData("[^ab]", "c")]
    [InlineData("[a-c]x", "bx")]
    [InlineData("[]a]", "]")]
    [InlineData("[a-]", "-")]
    [InlineData("[\\]]", "]")]
    [InlineData("[[:digit:]_]", "7")]
    [InlineData("[[:digit:]_]", "_")]
    [InlineData("[[:]", "[")]
    [InlineData("[!\xFF]", "\xFE")]
    // Escapes.
    [InlineData("\\*", "*")]
    [InlineData("\\!a", "!a")]
    [InlineData("\\#a", "#a")]
    [InlineData("#a", "#a")]
    [InlineData("a\\ ", "a ")]
    [InlineData("a ", "a ")]
    // Bytes that are no UTF-8.
    [InlineData("\xFF\xFE", "\xFF\xFE")]
    [InlineData("?", "\xFF")]
    public void It_matches(string pattern, string path) => Assert.True(Matches(pattern, path));

    [Theory]
    [InlineData("b", "a/bb")]
    [InlineData("b/", "a/b")]
    [InlineData("/b", "a/b")]
    [InlineData("a/b", "x/a/b")]
    [InlineData("a/*", "a/b/c")]
    [InlineData("a/?", "a/b/c")]
    [InlineData("a?c/d", "a/c/d")]
    [InlineData("a[!x]c/d", "a/c/d")]
    [InlineData("a[.-0]c/d", "a/c/d")]
    [InlineData("a/**", "a/")]
    [InlineData("a**/c", "a/b/c")]
    [InlineData("**/b/c", "xb/c")]
    [InlineData("*.tmp", "tmp")]
    [InlineData("A", "a")]
    [InlineData("[[:upper:]]", "a")]
    [InlineData("[b-a]", "a")]
    [InlineData("./a", "a")]
    [InlineData("a//b", "a/b")]
    public void It_does_not_match(string pattern, string path) => Assert.False(Matches(pattern, path));

    [Theory]
    [InlineData("", "names nothing")]
    [InlineData("!", "names nothing")]
    [InlineData("/", "names nothing")]
    [InlineData("a[", "']'")]
    [InlineData("[]", "']'")]
    [InlineData("[!]", "']'")]
    [InlineData("[a\\", "']'")]
    [InlineData("[a-\\", "']'")]
    [InlineData("[[:alpha:]", "']'")]
    [InlineData("[[:letter:]]", "[:letter:]")]
    [InlineData("[[::]]", "[::]")]
    [InlineData("a\\", "backslash")]
    [InlineData("a\\/", "backslash")]
    [InlineData("a\0b", "NUL")]
    public void What_could_never_match_is_refused_with_the_reason(string pattern, string says)
    {
        Assert.False(Pattern.TryParse(Bytes(pattern), out _, out var why));
        Assert.Contains(says, why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_has_a_longest_length()
    {
        Assert.True(Pattern.TryParse(new byte[Pattern.MaxBytes].Select(_ => (byte)'a').ToArray(), out _, out _));
        Assert.False(Pattern.TryParse(new byte[Pattern.MaxBytes + 1].Select(_ => (byte)'a').ToArray(), out _,
            out var why));
        Assert.Contains("8192", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Matching_allocates_nothing_and_hostile_stars_take_no_time()
    {
        Assert.True(Pattern.TryParse("**/a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b/**/c*c*c*c*c*c*c*d"u8, out var pattern,
            out _));
        var path = TreePath.FromBytes(Bytes(string.Join('/', Enumerable.Repeat(new string('a', 200), 10)) + "/"
            + new string('c', 200)));
        pattern.Matches(path, true);
        var (begun, before) = (System.Diagnostics.Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < 100; i++) Assert.False(pattern.Matches(path, true));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 10);
    }
}
