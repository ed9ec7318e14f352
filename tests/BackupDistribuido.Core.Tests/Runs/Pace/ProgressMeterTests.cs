using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Tests.Runs.Pace;

public sealed class ProgressMeterTests
{
    private static readonly NodeName A = NodeName.Parse("a"), B = NodeName.Parse("b"), C = NodeName.Parse("c");

    private readonly ProgressMeter _meter = new();
    private TimeSpan _now;

    [Fact]
    public void It_counts_the_bytes_that_are_in_place_at_as_many_as_are_required()
    {
        var run = At(1000, 2, (A, MemberStanding.Stored, 0), (B, MemberStanding.Copying, 300),
            (C, MemberStanding.Copying, 100));

        Assert.Equal((1300, 2000, 65, 650), (run.Safe, run.Total, run.Percent, run.Of(1000)));
    }

    [Fact]
    public void Only_who_is_protected_is_at_100_percent()
    {
        Assert.Equal(99,
            At(1000, 2, (A, MemberStanding.Publishing, 1000), (B, MemberStanding.Publishing, 1000)).Percent);
        Assert.Equal(99, At(1000, 2, (A, MemberStanding.Stored, 1000), (B, MemberStanding.Copying, 1000)).Percent);
        Assert.Equal(99, CopyProgress.Of(1000, 1000, MemberStanding.Publishing, null).Percent);

        var reached = _meter.At([], 1000, 2, isReached: true);

        Assert.Equal((2000, 2000, 100), (reached.Safe, reached.Total, reached.Percent));
        Assert.Equal((0, 100),
            (_meter.At([], 0, 2, isReached: false).Percent, _meter.At([], 0, 2, isReached: true).Percent));
    }

    [Fact]
    public void A_copy_that_is_lost_sets_nothing_back_and_what_has_to_come_again_is_said()
    {
        At(1000, 2, (A, MemberStanding.Copying, 800), (B, MemberStanding.Copying, 600));

        var lost = At(1000, 2, (A, MemberStanding.Copying, 900), (B, MemberStanding.Away, 600));
        Assert.Equal((1400, 500, null, null), (lost.Safe, lost.Again, lost.Rate, lost.SecondsLeft));

        var back = At(1000, 2, (A, MemberStanding.Publishing, 1000), (B, MemberStanding.Copying, 500));
        Assert.Equal((1500, 0), (back.Safe, back.Again));
    }

    [Fact]
    public void A_tree_that_is_larger_than_it_was_counted_sets_nothing_back_either()
    {
        At(1000, 1, (A, MemberStanding.Copying, 900));

        Assert.Equal((1800, 90),
            At(2000, 1, (A, MemberStanding.Copying, 950)) is var run ? (run.Safe, run.Percent) : default);
    }

    [Fact]
    public void The_slowest_of_those_who_are_needed_tells_how_long_it_will_take()
    {
        RunProgress run = null!;
        for (var second = 0; second <= 10; second++)
        {
            _now = TimeSpan.FromSeconds(second);
            run = At(1000, 2, (A, MemberStanding.Copying, second * 40), (B, MemberStanding.Copying, second * 10),
                (C, MemberStanding.Copying, second));
        }

        Assert.Equal((50.0, 90.0), (run.Rate!.Value, run.SecondsLeft!.Value));
    }

    [Fact]
    public void What_can_not_be_told_is_unknown_and_never_0()
    {
        var copy = (A, MemberStanding.Copying, 100L);
        Assert.Equal((null, null), Pace(At(1000, 1, copy)));
        _now = TimeSpan.FromSeconds(0.5);
        Assert.Equal((null, null), Pace(At(1000, 1, (A, MemberStanding.Copying, 400))));
        _now = TimeSpan.FromSeconds(1);
        Assert.Equal((500.0, 0.8), Pace(At(1000, 1, (A, MemberStanding.Copying, 600))));
        // It stands still.
        for (; _now < TimeSpan.FromSeconds(20); _now += TimeSpan.FromSeconds(1))
            At(1000, 1, (A, MemberStanding.Copying, 600));
        Assert.Equal((null, null), Pace(At(1000, 1, (A, MemberStanding.Copying, 600))));
        // One of two is there: nobody knows when another one will be.
        Assert.Null(At(1000, 2, (A, MemberStanding.Copying, 600)).SecondsLeft);
    }

    [Fact]
    public void What_was_there_already_promises_nothing_for_what_has_to_come_yet()
    {
        At(1000, 1, (A, MemberStanding.Copying, 0));
        for (var second = 1; second <= 6; second++)
        {
            _now = TimeSpan.FromSeconds(second);
            var run = At(1000, 1, (A, MemberStanding.Copying, 600 + (second * 10)));
            if (second > 1) Assert.Equal((10.0, 40.0 - second), (run.Rate!.Value, run.SecondsLeft!.Value));
        }
    }

    [Fact]
    public void Whatever_happens_it_never_falls_and_is_never_100_percent_before_its_end()
    {
        var random = new Random(12);
        for (var round = 0; round < 200; round++)
        {
            var meter = new ProgressMeter();
            var before = 0;
            for (var step = 0; step < 50; step++)
            {
                var copies = new[] { A, B, C }.Select(name => meter.Copy(
                    new CopyDone(name, Enum.GetValues<MemberStanding>()[random.Next(7)], random.NextInt64(0, 1200)),
                        1000, TimeSpan.FromSeconds(step))).ToList();
                var run = meter.At(copies, 1000, 2, isReached: false);
                Assert.InRange(run.Percent, before, 99);
                Assert.InRange(run.Safe, 0, run.Total);
                Assert.True(run.Rate is null or > 0 && run.SecondsLeft is null or > 0);
                before = run.Percent;
            }
        }
    }

    [Fact]
    public void More_bytes_than_there_are_numbers_are_no_overflow()
    {
        var run = At(long.MaxValue, 3, (A, MemberStanding.Stored, 0), (B, MemberStanding.Publishing, 0));
        Assert.InRange(run.Percent, 66, 99);
        Assert.True(run.Safe >= 0);
    }

    private static (double?, double?) Pace(RunProgress run) => (run.Rate, run.SecondsLeft);

    private RunProgress At(long bytes, int required,
        params (NodeName Name, MemberStanding Standing, long Done)[] copies) =>
        _meter.At(copies.Select(copy => _meter.Copy(new CopyDone(copy.Name, copy.Standing, copy.Done), bytes, _now))
            .ToList(), bytes, required, isReached: false);
}
