using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Tests.Pages;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1_048_575, "1.0 MiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void Bytes_have_a_unit(long bytes, string text) =>
        Assert.Equal(text, Figures.Bytes(bytes, Language.English));

    [Fact]
    public void Spanish_has_a_decimal_comma() => Assert.Equal("1,5 KiB", Figures.Bytes(1536, Language.Spanish));

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3_900, "1 h 05 min")]
    [InlineData(97_200, "1 d 03 h")]
    public void Spans_have_their_largest_units(int seconds, string text) =>
        Assert.Equal(text, Figures.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, Language.English, "0.1 s")]
    [InlineData(0.42, Language.English, "0.4 s")]
    [InlineData(0.42, Language.Spanish, "0,4 s")]
    [InlineData(9.94, Language.English, "9.9 s")]
    [InlineData(9.96, Language.Spanish, "10 s")]
    [InlineData(75.25, Language.English, "1 min")]
    public void A_short_run_took_tenths_of_a_second(double seconds, Language language, string text) =>
        Assert.Equal(text, Figures.Duration(seconds, language));

    [Theory]
    [InlineData(0, 0, 100)]
    [InlineData(0, 7, 0)]
    [InlineData(999, 1000, 99)]
    [InlineData(12, 10, 100)]
    [InlineData(long.MaxValue, long.MaxValue, 100)]
    public void Percent_is_0_to_100(long done, long total, int percent) =>
        Assert.Equal(percent, Figures.Percent(done, total));
}
