using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Hosting.Notices;

namespace BackupDistribuido.Hosting.Tests.Notices;

public sealed class NoticeTests
{
    public static TheoryData<NodeEvent, string?> Kinds => new()
    {
        { Happenings.Finished(), "run-finished" },
        { new SnapshotAtRisk(Happenings.Origin, Happenings.Snapshot, 1, 2), "at-risk" },
        { new SnapshotTooOld(Happenings.Origin, Happenings.Snapshot, TimeSpan.FromHours(40)), "too-old" },
        { new SnapshotProtected(Happenings.Origin, Happenings.Snapshot, 2, 2), "protected" },
        { new DestinationLost(Happenings.A, Reason.Text("silent")), "destination-lost" },
        { new NodeLeft(NodeRole.Destination, Happenings.A, Reason.Text("it is not heard any more"), 0),
            "destination-lost" },
        { new NodeLeft(NodeRole.Destination, Happenings.A, Reason.Text("it left"), 0, TookLeave: true), null },
        { new NodeLeft(NodeRole.Origin, Happenings.Origin, Reason.Text("it is not heard any more"), 0), null },
        { new ReplicaDamaged(Happenings.Origin, Happenings.Snapshot, Happenings.Damage, Happenings.A),
            "replica-damaged" },
        { new Warned(Reason.Text("the disk is full")), "warning" },
        { new NodeJoined(NodeRole.Destination, Happenings.A, 1), null },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Events_have_their_kinds(NodeEvent happened, string? kind) =>
        Assert.Equal(kind, Notice.Of(happened, Happenings.Time) is { } notice ? Notice.Name(notice.Kind) : null);

    [Fact]
    public void It_is_the_objects_line_of_JSON_output() => Assert.Equal(
        "{\"event\":\"at-risk\",\"snapshot\":\"20261122T163305Z\",\"copies\":1,\"required\":2,\"origin\":\"nas-photos\",\"time\":\"2026-11-22T16:33:05.120Z\"}",
        Notice.Of(new SnapshotAtRisk(Happenings.Origin, Happenings.Snapshot, 1, 2), Happenings.Time)!.Json);

    [Fact]
    public void Each_kind_has_a_name_of_its_own() =>
        Assert.Equal(Enum.GetValues<NoticeKind>().Length, Enum.GetValues<NoticeKind>().Select(Notice.Name)
            .Distinct(StringComparer.Ordinal).Count());
}
