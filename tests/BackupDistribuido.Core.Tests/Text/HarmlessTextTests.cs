using System.Text.Json;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Tests.Text;

public sealed class HarmlessTextTests
{
    [Theory]
    [InlineData("plain text, año, 日本, 100 %", "plain text, año, 日本, 100 %")]
    [InlineData("a\tb\nc", "a\tb\nc")]
    [InlineData("\u001b]0;title\u0007", "%1B]0;title%07")]
    [InlineData("a\u202egpj.exe", "a%E2%80%AEgpj.exe")]
    [InlineData("\u009b2J", "%C2%9B2J")]
    [InlineData("back\b\b\r", "back%08%08%0D")]
    public void What_would_move_a_terminal_is_spelled_out(string text, string shown) =>
        Assert.Equal(shown, HarmlessText.Of(text));

    [Fact]
    public void Json_says_the_same_without_them()
    {
        var json = "{\"reason\":\"a\u202eb\u009bc\u007f\"}";
        var harmless = HarmlessText.OfJson(json);
        Assert.DoesNotContain('\u202e', harmless);
        Assert.Equal("a\u202eb\u009bc\u007f",
            JsonDocument.Parse(harmless).RootElement.GetProperty("reason").GetString());
    }
}
