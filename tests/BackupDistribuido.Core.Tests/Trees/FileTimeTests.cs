using System.Text;
using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class FileTimeTests
{
    private static readonly Gen<FileTime> Any =
        Gen.Select(Gen.Long, Gen.Int[0, 999_999_999], (seconds, nanoseconds) => new FileTime(seconds, nanoseconds));

    [Fact]
    public void Any_time_survives_the_round_trip() =>
        Any.Sample(time =>
        {
            var text = time.ToString();
            return text.Length <= FileTime.MaxTextLength
                && FileTime.TryParse(Encoding.ASCII.GetBytes(text), out var read) && read == time;
        });

    [Theory]
    [InlineData(0, 0, "0.000000000")]
    [InlineData(1763829185, 123456789, "1763829185.123456789")]
    [InlineData(-1, 999_999_999, "-1.999999999")]
    [InlineData(-1, 0, "-1.000000000")]
    [InlineData(long.MinValue, 1, "-9223372036854775808.000000001")]
    [InlineData(long.MaxValue, 999_999_999, "9223372036854775807.999999999")]
    public void A_time_is_written_so(long seconds, int nanoseconds, string text) =>
        Assert.Equal(text, new FileTime(seconds, nanoseconds).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".000000000")]
    [InlineData("0")]
    [InlineData("0.")]
    [InlineData("0.0")]
    [InlineData("0.0000000000")]
    [InlineData("00.000000000")]
    [InlineData("-0.000000000")]
    [InlineData("+1.000000000")]
    [InlineData("-.000000000")]
    [InlineData("- 1.000000000")]
    [InlineData(" 1.000000000")]
    [InlineData("1.-00000001")]
    [InlineData("1.00000000a")]
    [InlineData("1,000000000")]
    [InlineData("1.0000.0000")]
    [InlineData("9223372036854775808.000000000")]
    [InlineData("-9223372036854775809.000000000")]
    [InlineData("00000000000000000000000000000000000001.000000000")]
    public void Another_spelling_is_refused(string text) =>
        Assert.False(FileTime.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    [InlineData(int.MinValue)]
    public void Nanoseconds_have_limits(int nanoseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileTime(0, nanoseconds));

    [Fact]
    public void A_time_before_the_epoch_comes_before_it()
    {
        FileTime[] ordered = [new(long.MinValue, 0), new(-2, 999_999_999), new(-1, 0), new(-1, 999_999_999), new(0, 0),
            new(0, 1), new(long.MaxValue, 0)];

        Assert.Equal(ordered, ordered.Reverse().Order());
    }
}
