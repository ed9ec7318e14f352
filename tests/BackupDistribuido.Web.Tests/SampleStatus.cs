using System.Globalization;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Web.Tests;

/// <summary>States of a cluster to render.</summary>
internal static class SampleStatus
{
    public static readonly DateTimeOffset Now =
        DateTimeOffset.Parse("2026-11-22T18:30:00Z", CultureInfo.InvariantCulture);

    public static readonly ClusterStatus Nobody = new([], [], []);

    public static readonly ClusterStatus OneOfEach = new(
        [Destination("nas", 1), Origin("laptop-photos", 12)],
        [Run("laptop-photos", RunPhase.Copying, 0, 2, 512, 2048)],
        [Snapshot("laptop-photos", 1, 1)]);

    public static readonly ClusterStatus Many = new(
        [Destination("nas", 600), Destination("cellar", 90_000), Destination("office", 5), Origin("laptop-photos", 12),
            Origin("db", 7200)],
        [Run("laptop-photos", RunPhase.Protected, 2, 2, 30, 40),
            Run("db", RunPhase.Waiting, 1, 3, 40, 40) with { Run = RunId.Parse("5f0c2d9e8b7a6144") }],
        [Snapshot("laptop-photos", 2, 2), Snapshot("db", 1, 3), Snapshot("mail", 3, null)]);

    /// <summary>Both destinations were lost in a run; the snapshot before it was protected.</summary>
    public static readonly ClusterStatus Failed = new([], [], [Snapshot("laptop-photos", 2, 2) with
        {
            Holders = [new ReplicaHolder(NodeName.Parse("nas"), Now.AddMinutes(-4)),
                new ReplicaHolder(NodeName.Parse("cellar"), Now.AddMinutes(-4))],
        }], Origins: [new OriginStatus(NodeName.Parse("laptop-photos"), 2,
            new PastRun(Now.AddMinutes(-3), PastOutcome.Failed, SnapshotId.Parse("20261122T182500Z"), 0, 2,
                RunReason.NobodyReturned))]);

    public static NodeStatus Destination(string name, int seconds, string host = "192.168.1.20") =>
        new(NodeRole.Destination, NodeName.Parse(name), NodeAddress.Parse($"{host}:4054"), Now.AddSeconds(-seconds),
            1536L << 20);

    public static NodeStatus Origin(string name, int seconds) =>
        new(NodeRole.Origin, NodeName.Parse(name), null, Now.AddSeconds(-seconds), null);

    public static RunStatus Run(string origin, RunPhase phase, int copies, int required, long done, long total) =>
        new(RunId.Parse("5f0c2d9e8b7a6143"), NodeName.Parse(origin), SnapshotId.Parse("20261122T182900Z"), phase,
            copies, required, done, total)
        { Members = [] };

    /// <summary>A run with two destinations in a chain, and one that is away.</summary>
    public static RunStatus Chain(string origin) => Run(origin, RunPhase.Copying, 0, 2, 30, 40) with
    {
        Progress = new RunProgress(50, 80, false, 10, 3),
        Members = [Member("nas", MemberStanding.Copying, origin, 30),
            Member("office", MemberStanding.Copying, "nas", 20), Member("cellar", MemberStanding.Away, null, 10)],
    };

    private static RunMemberStatus Member(string name, MemberStanding standing, string? parent, long received) =>
        new(NodeName.Parse(name), standing, Reason.None, parent is null ? null : NodeName.Parse(parent), 0, received,
            0);

    public static SnapshotStatus Snapshot(string origin, int copies, int? required) =>
        new(NodeName.Parse(origin), SnapshotId.Parse("20261122T163305Z"), copies, required);
}
