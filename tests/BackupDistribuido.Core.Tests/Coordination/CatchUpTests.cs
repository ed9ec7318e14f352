using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Tests.Coordination;

public sealed class CatchUpTests
{
    private static readonly NodeName Photos = NodeName.Parse("photos");
    private static readonly SnapshotId Old = SnapshotId.Parse("20261120T120000Z");
    private static readonly SnapshotId New = SnapshotId.Parse("20261121T120000Z");
    private static readonly Sha256Digest Right = Sha256Digest.Of("right"u8);
    private static readonly Sha256Digest Wrong = Sha256Digest.Of("wrong"u8);

    [Fact]
    public void Who_has_an_older_one_or_none_lags()
    {
        var lag = Assert.Single(Lags([At("a", Held(New)), At("b", Held(Old)), At("c"), At("d", Held(New))]));
        Assert.Equal((New, "a d", "b c"), (lag.Snapshot.Snapshot, Names(lag.Holders), Names(lag.Lacking)));
    }

    [Fact]
    public void Where_all_have_it_or_nobody_knows_enough_of_it_nobody_lags()
    {
        Assert.Empty(Lags([At("a", Held(New)), At("b", Held(New))]));
        Assert.Empty(Lags([At("a", Held(New) with { OriginIdentity = null }), At("b")]));
        Assert.Empty(Lags([At("a", Held(New) with { Digest = null }), At("b")]));
        Assert.Empty(Lags([]));
    }

    [Fact]
    public void Of_two_digests_the_sealed_one_is_right_and_else_the_one_that_most_have()
    {
        DestinationRegistration[] all =
            [At("liar", Held(New, Wrong)), At("a", Held(New)), At("b", Held(New)), At("c", Held(Old))];
        Assert.Equal(("a b", "c"), (Names(Assert.Single(Lags(all)).Holders), Names(Assert.Single(Lags(all)).Lacking)));
        Assert.Equal("liar", Names(Assert.Single(Lags(all, Wrong)).Holders));
        // A newer one than this coordinator ever saw sealed is believed; one that it saw sealed otherwise is not.
        Assert.Empty(Lags([At("liar", Held(New, Wrong)), At("c", Held(Old))], Right));
    }

    [Fact]
    public void Who_has_no_room_or_is_the_tree_itself_is_left_out()
    {
        var small = At("small") with { FreeBytes = 99 };
        var within = At("within") with { Place = "machine:/photos/copies" };
        var lag = Assert.Single(Lags([At("a", Held(New)), At("b"), small, within]));
        Assert.Equal("b", Names(lag.Lacking));
    }

    [Fact]
    public void Whose_copy_is_gone_is_sent_it_again_where_another_one_has_it()
    {
        var gone = Held(New) with
        {
            Verified = new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, "snapshots"),
            IsGone = true
        };

        var lag = Assert.Single(Lags([At("a", Held(New)), At("b", gone)]));
        Assert.Equal(("a", "b"), (Names(lag.Holders), Names(lag.Lacking)));
        Assert.Empty(Lags([At("a", gone), At("b", gone)]));
    }

    [Fact]
    public void Who_found_it_damaged_brings_it_to_nobody_and_is_left_alone()
    {
        var damaged = Held(New) with { Verified = new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, "a") };

        var lag = Assert.Single(Lags([At("a", Held(New)), At("b", damaged), At("c", Held(Old))]));
        Assert.Equal(("a", "c"), (Names(lag.Holders), Names(lag.Lacking)));
        Assert.Empty(Lags([At("b", damaged), At("c", Held(Old))]));
    }

    [Fact]
    public void One_from_the_future_is_not_brought_to_those_who_have_the_newest()
    {
        var lag = Assert.Single(Lags([At("a", Held(New)), At("liar", Held(SnapshotId.Parse("20990101T000000Z"), Wrong)),
            At("b", Held(New))]));
        Assert.Equal((New, "a b", "liar"), (lag.Snapshot.Snapshot, Names(lag.Holders), Names(lag.Lacking)));
    }

    [Fact]
    public void One_root_that_is_there_twice_brings_nothing_twice()
    {
        var twin = At("b", Held(New));
        Assert.Equal("a",
            Names(Assert.Single(Lags([At("a", Held(New)), twin with { Node = twin.Node with { Identity = "id-a" } },
                At("c")])).Holders));
    }

    private static List<LaggingSnapshot> Lags(DestinationRegistration[] all, Sha256Digest? sealedAs = null) =>
        [.. CatchUp.Lags(all, (_, _) => sealedAs,
            new SnapshotOrder(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)))];

    private static string Names(IEnumerable<NodeName> names) => string.Join(' ', names);

    private static HeldSnapshot Held(SnapshotId id, Sha256Digest? digest = null) =>
        new(Photos, id, 10, 100, digest ?? Right, "machine:/photos");

    private static DestinationRegistration At(string name, params HeldSnapshot[] held) => new(
        new NodeIdentity(NodeName.Parse(name), $"id-{name}", 1), NodeAddress.Parse("127.0.0.1:1"), 1000, name,
            $"machine:/{name}", held, Epoch.None);
}
