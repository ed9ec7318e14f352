using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Coordination.Fixtures;

/// <summary>Registrations as nodes would say them.</summary>
internal static class Samples
{
    public static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    public static readonly SealedTree Seal = new(Sha256Digest.Of("tree"u8), new TreeTotals(3, 2, 100), 0);
    public static readonly NodeName Origin = NodeName.Parse("laptop");

    public static NodeIdentity Node(string name, long incarnation = 1, string? identity = null) =>
        new(NodeName.Parse(name), identity ?? $"id-{name}", incarnation);

    public static DestinationRegistration Destination(string name, long free = 1000, long incarnation = 1,
        string? identity = null, long epoch = 0, params HeldSnapshot[] held) =>
        new(Node(name, incarnation, identity), NodeAddress.Parse("127.0.0.1:4054"), free, $"disk-{name}",
            $"{name}:/copies", held, new Epoch(epoch));

    public static OriginRegistration OriginOf(int required, bool isCounted = true, long incarnation = 1,
        RunInProgress? run = null, int startWith = 1, bool waitIsOver = false, string? identity = null) =>
        new(Node(Origin.ToString(), incarnation, identity), isCounted ? new TreeTotals(3, 2, 100) : null, required,
            startWith, waitIsOver, "disk-o", run);
}
