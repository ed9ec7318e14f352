using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Record.Tests;

/// <summary>A cluster's story, as a coordinator would put it down.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly Retention Long = new(TimeSpan.FromDays(365), 100_000);
    public static readonly NodeName Origin = NodeName.Parse("laptop");
    public static readonly RunId Run = RunId.Parse("5f0c2d9e8b7a6143");
    public static readonly SnapshotId First = SnapshotId.Parse("20261122T120000Z"), Second =
        SnapshotId.Parse("20261123T120000Z"), Third = SnapshotId.Parse("20261124T120000Z");
    public static readonly Sha256Digest Digest = Sha256Digest.Of("tree"u8);

    /// <summary>One of each that a coordinator tells.</summary>
    public static readonly IReadOnlyList<NodeEvent> Events =
    [
        new Listening("control", NodeAddress.Parse("[::1]:4053")),
            new NodeJoined(NodeRole.Destination, NodeName.Parse("a"), 1),
                new NodeLeft(NodeRole.Origin, Origin, Reason.Text("it \"left\", ñ"), 0, TookLeave: true),
        new RunStarted(Origin, Run, First, new Epoch(2), "chain", [NodeName.Parse("a"), NodeName.Parse("b")]),
            new RunPaused(Origin, Run, First), new DestinationLost(NodeName.Parse("b"), Reason.Text("no answer\n")),
        new ReplicaCounted(NodeName.Parse("a"), First, 1, 2), new SnapshotProtected(Origin, First, 2, 2),
            Ended(Run, First, RunOutcome.AtRisk, ("a", ReplicaState.Stored), ("b", ReplicaState.Failed)).Event,
        new SnapshotAtRisk(Origin, First, 1, 2), new SnapshotTooOld(Origin, First, TimeSpan.FromDays(9)),
            new ReplicaVerified(Origin, First, new Verification.Sound(Noon, 3), NodeName.Parse("a")),
        new ReplicaDamaged(Origin, First, new Verification.Damaged(Noon, 2, "a b"), NodeName.Parse("a")),
            new Warned(Reason.Text("mind this")),
    ];

    public static NodeIdentity Node(string name) => new(NodeName.Parse(name), $"id-{name}", 1);

    public static DestinationRegistration Destination(string name, params SnapshotId[] held) =>
        new(Node(name), NodeAddress.Parse("127.0.0.1:4054"), 1000, $"disk-{name}", $"{name}:/copies",
            [.. held.Select(one => new HeldSnapshot(Origin, one, 7, Digest: Digest))], Epoch.None);

    public static DestinationSeen Comes(string name, params SnapshotId[] held) =>
        new(Noon, Destination(name, held), IsNewLife: true);

    public static RunBegun Begun(RunId run, SnapshotId snapshot, int required = 2, int? keep = null) =>
        new(Noon, run, Origin, snapshot, required, keep);

    public static ReplicaStored Stored(RunId run, SnapshotId snapshot, string destination) =>
        new(Noon, run, Origin, snapshot, Node(destination), Digest);

    public static Happened Ended(RunId run, SnapshotId snapshot, RunOutcome outcome,
        params (string Name, ReplicaState State)[] destinations) => Told(new RunFinished(Origin, new RunSummary(
        run, snapshot, outcome, destinations.Count(one => one.State == ReplicaState.Stored), 2, 2,
            new TreeTotals(7, 5, 1234), 1)
        {
            Seconds = 3.5,
            Reason = Reason.Text("because"),
            Destinations = [.. destinations.Select(one =>
                new ReplicaResult(NodeName.Parse(one.Name), one.State, Reason.None, "disk"))],
        }));

    public static Happened Told(NodeEvent happened, DateTimeOffset? time = null) =>
        new(time ?? Noon, happened);

    public static Happened Warning(int number, DateTimeOffset? time = null) =>
        new(time ?? Noon, new Warned(Reason.Text($"warning {number}")));

    /// <summary>Lines of warnings.</summary>
    public static IEnumerable<string> Lines(IEnumerable<EventHistory> events) =>
        events.Select(one => ((Warned)one.Event).Message.ToString());

    public static Journal Open(TemporaryFolder folder, Action<Reason>? warn = null) =>
        Open(new RecordPlace.Folder(folder["record"]), warn: warn);

    public static Journal Open(RecordPlace place, Retention? retention = null, TimeProvider? clock = null,
        Action<Reason>? warn = null) =>
        Journal.Open(place, retention ?? Long, clock ?? TimeProvider.System,
            warn ?? (why => Assert.Fail(why.ToString())));
}
