using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Text;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Text;

public sealed class PathTextTests
{
    private static byte[] Encode(byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        PathText.Encode(bytes, output);
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public void Any_bytes_survive_the_round_trip_as_printable_ASCII() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            var text = Encode(bytes);
            return !text.AsSpan().ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)
                && PathText.TryDecode(text, out var decoded) && decoded.AsSpan().SequenceEqual(bytes);
        });

    [Fact]
    public void What_decodes_at_all_is_the_one_spelling_of_its_bytes() =>
        Gen.OneOf("%0aAfF41/. \u007f\u00e9"u8.ToArray()).Array[0, 12].Sample(text =>
            !PathText.TryDecode(text, out var decoded) || Encode(decoded).AsSpan().SequenceEqual(text));

    [Theory]
    [InlineData("", "")]
    [InlineData("a/b-c.d~", "a/b-c.d~")]
    [InlineData("a b", "a%20b")]
    [InlineData("100%", "100%25")]
    [InlineData("\n\t\0\u007f", "%0A%09%00%7F")]
    [InlineData("\u00ff\u00e9", "%FF%E9")]
    public void Bytes_are_written_so(string bytes, string text) =>
        Assert.Equal(text, Encoding.ASCII.GetString(Encode(Encoding.Latin1.GetBytes(bytes))));

    [Theory]
    [InlineData("%")]
    [InlineData("a%4")]
    [InlineData("%2")]
    [InlineData("%0a")]
    [InlineData("%GG")]
    [InlineData("%41")]
    [InlineData("%2F")]
    [InlineData("%2E%2E/x")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\0")]
    [InlineData("\u00ff")]
    [InlineData("%%25")]
    [InlineData("% 0")]
    public void Another_spelling_is_refused(string text)
    {
        Assert.False(PathText.TryDecode(Encoding.Latin1.GetBytes(text), out var bytes));
        Assert.Empty(bytes);
    }

    [Theory]
    [InlineData("año", "año", false)]
    [InlineData("50% off", "50% off", false)]
    [InlineData("a\nb", "a%0Ab", true)]
    [InlineData("\u001b[2J", "%1B[2J", true)]
    [InlineData("\u0085", "%C2%85", true)]
    [InlineData("gpj\u202Eexe", "gpj%E2%80%AEexe", true)]
    [InlineData("a\u2066b", "a%E2%81%A6b", true)]
    [InlineData("a\u200Fb", "a%E2%80%8Fb", true)]
    [InlineData("a\u061Cb", "a%D8%9Cb", true)]
    [InlineData("a\u2028b", "a%E2%80%A8b", true)]
    [InlineData("\uFEFFa", "%EF%BB%BFa", true)]
    [InlineData("\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469", false)]
    public void People_see_text_where_it_is_printable(string name, string shown, bool encoded) =>
        Assert.Equal((shown, encoded), PathText.Display(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void People_see_bytes_that_are_no_UTF8_encoded() =>
        Assert.Equal(("%C0%AE", true), PathText.Display([0xC0, 0xAE]));

    [Fact]
    public void Text_of_unknown_origin_is_shown_the_same_way()
    {
        Assert.Equal("año", PathText.Display("año"));
        Assert.Equal("a%0D%0Ab", PathText.Display("a\r\nb"));
    }
}
