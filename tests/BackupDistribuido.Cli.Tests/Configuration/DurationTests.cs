using BackupDistribuido.Cli.Configuration;

namespace BackupDistribuido.Cli.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("0s", 0)]
    [InlineData("480h", 1_728_000)]
    [InlineData("7d", 604_800)]
    [InlineData("20d", 1_728_000)]
    public void Reads_seconds_minutes_hours_and_days(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10")]
    [InlineData("1.5h")]
    [InlineData("-1s")]
    [InlineData("10 m")]
    [InlineData("10M")]
    [InlineData("481h")]
    [InlineData("21d")]
    [InlineData("9223372036854775807h")]
    [InlineData("99999999999999999999s")]
    public void Refuses_anything_else(string text) => Assert.Throws<FormatException>(() => Duration.Parse(text));
}
