using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Tests;

/// <summary>Events for the tests of views.</summary>
internal static class Happenings
{
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 16, 33, 5, 120, TimeSpan.Zero);
    public static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    public static readonly RunId Run = RunId.Parse("0123456789abcdef");
    public static readonly NodeName Origin = NodeName.Parse("nas-photos");
    public static readonly NodeAddress Address = NodeAddress.Parse("127.0.0.1:4053");
    public static readonly NodeName A = NodeName.Parse("disk-a");
    public static readonly NodeName B = NodeName.Parse("disk-b");

    public static TreePath Path(string text) => TreePath.FromBytes(System.Text.Encoding.Latin1.GetBytes(text));

    public static Verification.Damaged Damage => new(Time, 3, "a/b c");

    public static RunStarted Started => new(Origin, Run, Snapshot, new Epoch(1), "star", [A, B]);

    /// <summary>One of each kind of event, in each of its forms.</summary>
    public static IReadOnlyList<NodeEvent> Each =>
    [
        new Listening("control", Address), new Connected(Address), new Disconnected(Address, Reason.Text("refused")),
        new NodeJoined(NodeRole.Destination, A, 1), new NodeJoined(NodeRole.Origin, Origin, 1),
        new NodeLeft(NodeRole.Destination, A, Reason.Text("gone"), 2),
        new NodeLeft(NodeRole.Origin, Origin, Reason.Text("gone"), 2),
        new DestinationsChanged(1, 1, 2), new DestinationsChanged(2, 1, 2),
        new PagesOpened("http://127.0.0.1:8080/?token=x"), new Warned(Reason.Text("mind this")),
        Started, new RunPaused(Origin, Run, Snapshot), new EntrySkipped(Path("a/\xFF"), Omission.Vanished),
        new DestinationLost(A, Reason.Text("gone")), new ReplicaCounted(A, Snapshot, 1, 2),
        new SnapshotProtected(Origin, Snapshot, 2, 2), Finished(),
        Finished(RunOutcome.AtRisk, 1, 0, 1, ReplicaState.Failed, "nobody came back"),
        new RunFinished(Origin, Worked()), new SnapshotAtRisk(Origin, Snapshot, 1, 2),
        new SnapshotTooOld(Origin, Snapshot, TimeSpan.FromDays(9)),
        new ReceptionStarted(Origin, Snapshot, Run, new TreeTotals(3, 2, 1)),
        new ReceptionStarted(Origin, Snapshot, Run, null), new ReceptionEnded(Origin, Snapshot, Run, null),
        new ReceptionEnded(Origin, Snapshot, Run, Reason.Text("the run is over")), new FileStored(Path("a"), 10, 2),
        new ReplicaPublished(Origin, Snapshot, new TreeTotals(3, 50_000, 2048), "/r/x"),
        new ReplicaResumed(Origin, Snapshot, new TreeTotals(3, 2, 2048)),
        new ReplicaVerified(Origin, Snapshot, new Verification.Sound(Time)),
        new ReplicaVerified(Origin, Snapshot, new Verification.Sound(Time, 2)),
        new ReplicaVerified(Origin, Snapshot, new Verification.Sound(Time, 0), A),
        new ReplicaDamaged(Origin, Snapshot, Damage), new ReplicaDamaged(Origin, Snapshot, Damage, A),
        new SnapshotsRemoved(Origin, [Snapshot]),
    ];

    public static DeliveryProgress Progress(RunProgress progress, long tree,
        params (NodeName Name, long Done, MemberStanding Standing)[] copies) =>
        new(Origin, Run, progress, new TreeTotals(1000, 1000, tree),
            copies.ToImmutableDictionary(copy => copy.Name,
                copy => CopyProgress.Of(copy.Done, tree, copy.Standing, null)));

    /// <summary>A run's end that says what it took: at one destination 3 days ago, at the other it is not known
    /// when.</summary>
    public static RunSummary Worked() => Finished().Summary is var end ? end with
    {
        Source = new SourceWork(7 << 10, new TreeChanges(SnapshotId.Parse("20261121T163305Z"), 1, 2, 3, 4, 5),
            IsFirst: false),
        Destinations =
        [
            end.Destinations[0] with { Sent = 1 << 10,
                Intake = new ReplicaIntake(12, 1 << 10, 49_988, 1 << 20, Time.AddDays(-3)) },
            end.Destinations[1] with { Sent = 5 << 10, Intake = new ReplicaIntake(12, 1 << 10, 12, 1 << 20, null) },
        ],
    } : end;

    public static RunFinished Finished(RunOutcome outcome = RunOutcome.Protected, int copies = 2, int disks = 2,
        long skipped = 0, ReplicaState state = ReplicaState.Stored, string reason = "") =>
        new(Origin,
            new RunSummary(Run, Snapshot, outcome, copies, 2, disks, new TreeTotals(12, 10, 1_572_864), skipped)
            {
                Seconds = 75.25,
                Reason = Reason.Text(reason),
                Destinations = [new ReplicaResult(A, ReplicaState.Stored, Reason.None, "/dev/sda1"),
                    new ReplicaResult(B, state, Reason.Text(state == ReplicaState.Stored ? "" : "connection closed"),
                        disks == 2 ? "/dev/sdb1" : "/dev/sda1")],
            });
}
