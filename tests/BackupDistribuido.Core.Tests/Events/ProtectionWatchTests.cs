using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Tests.Events;

public sealed class ProtectionWatchTests
{
    private static readonly NodeName Photos = NodeName.Parse("photos");
    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    private static readonly DateTimeOffset Begun = new(Snapshot.Time);

    private readonly ProtectionWatch _watch = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(36));

    [Fact]
    public void Too_few_copies_are_said_once_after_a_while()
    {
        Assert.Empty(Look(1, 2, minutes: 0));
        Assert.Empty(Look(1, 2, minutes: 0.9));
        Assert.Equal([new SnapshotAtRisk(Photos, Snapshot, 1, 2)], Look(1, 2, minutes: 1));
        Assert.Empty(Look(1, 2, minutes: 5));
    }

    [Fact]
    public void Too_few_copies_for_a_moment_are_not_said()
    {
        Assert.Empty(Look(1, 2, minutes: 0));
        Assert.Empty(Look(2, 2, minutes: 0.5));
        Assert.Empty(Look(1, 2, minutes: 1));
        Assert.Empty(Look(1, 2, minutes: 1.9));
        Assert.Single(Look(1, 2, minutes: 2));
    }

    [Fact]
    public void After_it_was_well_it_is_said_again()
    {
        Look(1, 2, minutes: 0);
        Assert.Single(Look(1, 2, minutes: 1));
        Look(2, 2, minutes: 2);
        Look(1, 2, minutes: 3);
        Assert.Single(Look(1, 2, minutes: 4));
    }

    [Fact]
    public void While_a_run_is_under_way_it_waits_and_does_not_forget()
    {
        Look(1, 2, minutes: 0);
        Assert.Empty(Look(1, 2, minutes: 2, isRunning: true));
        Assert.Single(Look(1, 2, minutes: 3));
        Assert.Empty(Look(1, 2, minutes: 4, isRunning: true));
        Assert.Empty(Look(1, 2, minutes: 5));
    }

    [Fact]
    public void Where_nobody_said_how_many_are_required_there_is_nothing_to_say()
    {
        Look(1, null, minutes: 0);
        Assert.Empty(Look(1, null, minutes: 5));
    }

    [Fact]
    public void A_protected_snapshot_becomes_too_old_once()
    {
        Assert.Empty(Look(2, 2, minutes: 36 * 60));
        Assert.Equal([new SnapshotTooOld(Photos, Snapshot, TimeSpan.FromMinutes((36 * 60) + 1))],
            Look(2, 2, minutes: (36 * 60) + 1));
        Assert.Empty(Look(2, 2, minutes: 40 * 60));
    }

    [Fact]
    public void Of_a_newest_one_that_is_not_protected_the_protected_one_before_counts()
    {
        var before = SnapshotId.Parse("20261120T163305Z");
        Assert.Equal([new SnapshotTooOld(Photos, before, TimeSpan.FromHours(48))],
            Look(1, 2, minutes: 0, protectedBefore: before));
        Assert.Empty(Look(0, 2, minutes: 40 * 60).OfType<SnapshotTooOld>());
    }

    [Fact]
    public void One_from_the_future_becomes_too_old_from_when_it_arrived_or_else_from_when_it_was_first_looked_at()
    {
        var future = SnapshotId.Parse("20990101T000000Z");
        Assert.Empty(At(Begun, null).Concat(At(Begun.AddHours(36), null)));
        Assert.Equal([new SnapshotTooOld(Photos, future, TimeSpan.FromHours(37))], At(Begun.AddHours(37), null));
        Assert.Equal([new SnapshotTooOld(Photos, future, TimeSpan.FromHours(40))],
            new ProtectionWatch(TimeSpan.Zero, TimeSpan.FromHours(36)).Look(Of(Begun.AddHours(-40)), Begun));

        IReadOnlyList<NodeEvent> At(DateTimeOffset now, DateTimeOffset? arrived) => _watch.Look(Of(arrived), now);

        ClusterStatus Of(DateTimeOffset? arrived) =>
            new([], [], [new SnapshotStatus(Photos, future, 2, 2, [], Arrived: arrived)]);
    }

    [Fact]
    public void Without_a_limit_none_is_too_old() =>
        Assert.Empty(new ProtectionWatch(TimeSpan.Zero, null).Look(Status(2, 2, false, null), Begun.AddYears(1)));

    private IReadOnlyList<NodeEvent> Look(int copies, int? required, double minutes, bool isRunning = false,
        SnapshotId? protectedBefore = null) =>
        _watch.Look(Status(copies, required, isRunning, protectedBefore), Begun.AddMinutes(minutes));

    private static ClusterStatus Status(int copies, int? required, bool isRunning, SnapshotId? protectedBefore) =>
        new([],
        isRunning
            ? [new RunStatus(RunId.Parse("5f0c2d9e8b7a6143"), Photos, SnapshotId.Parse("20261123T163305Z"),
                RunPhase.Copying, 0, 2, 0, 1)] : [],
        [new SnapshotStatus(Photos, Snapshot, copies, required, [], protectedBefore)]);
}
