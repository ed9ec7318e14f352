using BackupDistribuido.Core.Text;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Text;

public sealed class RateTests
{
    [Theory]
    [InlineData("20MB/s", 20_000_000)]
    [InlineData("1GiB/s", 1L << 30)]
    [InlineData("512KiB/s", 524_288)]
    [InlineData("10000B/s", 10_000)]
    [InlineData("10kB/s", 10_000)]
    [InlineData("1000GB/s", Rate.Max)]
    public void A_number_and_a_unit_are_a_rate(string text, long bytes) =>
        Assert.Equal(bytes, Rate.Parse(text).BytesPerSecond);

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("20MB")]
    [InlineData("20mb/s")]
    [InlineData("20 MB/s")]
    [InlineData("-20MB/s")]
    [InlineData("2.5MB/s")]
    [InlineData("MB/s")]
    [InlineData("9kB/s")]
    [InlineData("1001GB/s")]
    [InlineData("99999999999999999999GB/s")]
    [InlineData("9223372036854775807GB/s")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        Assert.False(Rate.TryParse(text, out var rate, out var why));
        Assert.Null(rate);
        Assert.Contains(text, why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_as_the_same() =>
        Gen.Long[Rate.Min, Rate.Max]
            .Sample(bytes => Assert.Equal(Rate.Of(bytes), Rate.Parse(Rate.Of(bytes).ToString())));
}
