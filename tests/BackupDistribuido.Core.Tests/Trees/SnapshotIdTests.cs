using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class SnapshotIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 16, 33, 5, 987, TimeSpan.Zero);

    [Fact]
    public void It_names_the_second_in_UTC()
    {
        Assert.Equal("20261122T163305Z", SnapshotId.After(null, Now).ToString());
        Assert.Equal("20261122T163305Z", SnapshotId.After(null, Now.ToOffset(TimeSpan.FromHours(13))).ToString());
        Assert.Equal(DateTimeKind.Utc, SnapshotId.After(null, Now).Time.Kind);
    }

    [Theory]
    [InlineData("20261122T163304Z", "20261122T163305Z")] // the usual case
    [InlineData("20261122T163305Z", "20261122T163306Z")] // a second one in the same second
    [InlineData("20261122T163306Z", "20261122T163307Z")] // a third one
    [InlineData("20261122T235959Z", "20261123T000000Z")] // the clock went back, and over midnight
    [InlineData("20301231T235959Z", "20310101T000000Z")] // the clock went back by years
    public void It_is_later_than_the_newest_even_when_the_clock_goes_back(string newest, string next) =>
        Assert.Equal(next, SnapshotId.After(SnapshotId.Parse(newest), Now).ToString());

    [Fact]
    public void Ids_grow_whatever_the_clock_says() =>
        Gen.Long[0, 10_000].Select(seconds => Now.AddSeconds(seconds % 7)).List[1, 20].Sample(clock =>
        {
            SnapshotId? newest = null;
            foreach (var now in clock)
            {
                var next = SnapshotId.After(newest, now);
                if (next.CompareTo(newest ?? default) <= 0 || string.CompareOrdinal(next.ToString(), newest?.ToString()) <= 0) return false;
                newest = next;
            }
            return true;
        });

    [Theory]
    [InlineData("00010101T000000Z")]
    [InlineData("20240229T235959Z")]
    [InlineData("99991231T235959Z")]
    public void An_id_is_read_and_written_the_same(string text) => Assert.Equal(text, SnapshotId.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("20261122T163305")]
    [InlineData("20261122t163305z")]
    [InlineData("20261122T163305Z ")]
    [InlineData(" 20261122T163305Z")]
    [InlineData("20261122T163305Z\0")]
    [InlineData("20261122T163305ZZ")]
    [InlineData("20261122 163305Z")]
    [InlineData("2026-11-22T16:33:05Z")]
    [InlineData("20260229T000000Z")]
    [InlineData("20261122T240000Z")]
    [InlineData("20261122T163360Z")]
    [InlineData("٢٠٢٦1122T163305Z")]
    [InlineData("../1122T163305Z")]
    public void Anything_else_is_no_id(string? text) => Assert.False(SnapshotId.TryParse(text, out _));

    [Fact]
    public void What_is_refused_is_named() =>
        Assert.Equal("'latest' is no snapshot id", Assert.Throws<FormatException>(() => SnapshotId.Parse("latest")).Message);

    [Fact]
    public void After_the_last_id_that_can_be_written_the_clock_decides()
    {
        var now = new DateTimeOffset(2026, 11, 22, 16, 33, 5, TimeSpan.Zero);
        Assert.Equal("20261122T163305Z", SnapshotId.After(SnapshotId.Parse("99991231T235959Z"), now).ToString());
        Assert.Equal("99991231T235959Z", SnapshotId.After(SnapshotId.Parse("99991231T235958Z"), now).ToString());
    }
}
