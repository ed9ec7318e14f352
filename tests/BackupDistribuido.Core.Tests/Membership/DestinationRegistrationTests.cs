using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Tests.Membership;

public sealed class DestinationRegistrationTests
{
    private static readonly HeldSnapshot Other = Held("desk", "20261120T000000Z");

    [Theory]
    [InlineData("20261121T000000Z", "20261122T000000Z")]
    [InlineData("20261123T000000Z", "20261123T000000Z")]
    [InlineData("20990101T000000Z", "20261122T000000Z")] // a clock that was wrong
    public void The_newest_snapshot_of_an_origin_is_held_whatever_came_last(string before, string newest)
    {
        var registration = new DestinationRegistration(
            new NodeIdentity(NodeName.Parse("a"), "id", 1), NodeAddress.Parse("127.0.0.1:4054"), 1000, "disk",
                "a:/copies", [Held("laptop", before), Other], Epoch.None);

        var after = registration.Holding(Held("laptop", "20261122T000000Z"));

        Assert.Equal([Other, Held("laptop", newest)], after.Newest);
    }

    private static HeldSnapshot Held(string origin, string snapshot) =>
        new(NodeName.Parse(origin), SnapshotId.Parse(snapshot));
}
