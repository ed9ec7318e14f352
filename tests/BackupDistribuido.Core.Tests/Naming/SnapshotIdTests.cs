using BackupDistribuido.Core.Naming;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Naming;

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
    [InlineData("20261123T163305Z", "20261123T163306Z")] // the clock went back by a day
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
                if (next.CompareTo(newest ?? default) <= 0
                    || string.CompareOrdinal(next.ToString(), newest?.ToString()) <= 0) return false;
                newest = next;
            }
            return true;
        });

    [Theory]
    [InlineData("00010101T000000Z")]
    [InlineData("20240229T235959Z")]
    [InlineData("99991231T235959Z")]
    [InlineData("20261122T163305Z-bdb256")]
    public void An_id_is_read_and_written_the_same(string text) =>
        Assert.Equal(text, SnapshotId.Parse(text).ToString());

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
    [InlineData("20261122T163305Z-")]
    [InlineData("20261122T163305Z-bdb25")]
    [InlineData("20261122T163305Z-bdb2569")]
    [InlineData("20261122T163305Z-BDB256")]
    [InlineData("20261122T163305Z-bdb25g")]
    [InlineData("20261122T163305Z_bdb256")]
    [InlineData("20261122T163360Z-bdb256")]
    public void Anything_else_is_no_id(string? text) => Assert.False(SnapshotId.TryParse(text, out _));

    [Fact]
    public void What_is_refused_is_named() =>
        Assert.Equal("'latest' is no snapshot id",
            Assert.Throws<FormatException>(() => SnapshotId.Parse("latest")).Message);

    [Theory]
    [InlineData("20261123T163306Z")] // a day and a second ahead
    [InlineData("20990101T000000Z")]
    [InlineData("99991231T235958Z")]
    [InlineData("99991231T235959Z")]
    public void One_from_the_future_is_no_reason_to_follow_it(string newest)
    {
        Assert.Equal("20261122T163305Z", SnapshotId.After(SnapshotId.Parse(newest), Now).ToString());
        Assert.False(SnapshotId.Parse(newest).IsCredible(Now));
    }

    [Fact]
    public void After_the_last_id_that_can_be_written_there_is_none()
    {
        var end = new DateTimeOffset(9999, 12, 31, 23, 59, 58, TimeSpan.Zero);
        Assert.Equal("99991231T235959Z", SnapshotId.After(SnapshotId.Parse("99991231T235958Z"), end).ToString());
        Assert.Equal("99991231T235958Z", SnapshotId.After(SnapshotId.Parse("99991231T235959Z"), end).ToString());
    }

    [Fact]
    public void A_run_marks_its_own_and_no_other_one_has_that()
    {
        var second = SnapshotId.After(null, Now);
        var (one, other) = (RunId.Parse("bdb2569359fbbcfb").Mark(second), RunId.Parse("5f0c2d9e8b7a6143").Mark(second));

        Assert.Equal(("20261122T163305Z-bdb256", second.Time), (one.ToString(), one.Time));
        SnapshotId[] ordered = [second, other, one, SnapshotId.Parse("20261122T163306Z")];
        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.Equal(ordered.Select(id => id.ToString()),
            ordered.Reverse().Select(id => id.ToString()).Order(StringComparer.Ordinal));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void What_is_not_credible_is_older_than_all_that_is_and_where_nothing_is_ids_decide()
    {
        SnapshotId future = SnapshotId.Parse("20990101T000000Z"), later = SnapshotId.Parse("20990101T000001Z"), now =
            SnapshotId.After(null, Now), past = SnapshotId.Parse("20200101T000000Z");
        var order = new SnapshotOrder(Now);

        Assert.Equal([future, later, past, now], new[] { now, future, later, past }.Order(order));
        Assert.Equal((now, later, null),
            (order.Newest([now, future, later, past]), order.Newest([later, future]), order.Newest([])));
        Assert.Equal(later, new SnapshotOrder(DateTimeOffset.UnixEpoch).Newest([now, later, past]));
        Assert.True(SnapshotOrder.Upon(future, Now).IsCredible(later));
        Assert.False(SnapshotOrder.Upon(past, Now).IsCredible(future));
        Assert.Equal("20261123T163305Z", order.Limit.ToString());
        Assert.Equal("99991231T235959Z", SnapshotOrder.Upon(SnapshotId.Parse("99991231T235959Z")).Limit.ToString());
    }
}
