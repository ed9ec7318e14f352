using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Membership;

/// <summary>A snapshot is its origin's identity, its id and its seal: what differs in one of them is another one, and
/// never counts with it.</summary>
public sealed class NewestHeldTests
{
    private static readonly NodeName Photos = NodeName.Parse("photos");
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T120000Z");
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Sha256Digest Right = Sha256Digest.Of("right"u8), Wrong = Sha256Digest.Of("wrong"u8);
    private readonly Remembered _remembered = new();

    [Fact]
    public void Two_trees_of_one_id_are_two_snapshots()
    {
        _remembered.Requires(Photos, 2);
        DestinationRegistration[] two = [At("a", Held(Right)), At("b", Held(Wrong))];

        Assert.True(Status(two) is { Copies: 1, IsProtected: false });
        Assert.True(Status([.. two, At("c", Held(Wrong))]) is { Copies: 2, IsProtected: true } larger
            && Names(larger) == "b c");
        _remembered.Sealed(Photos, Id, Right);
        Assert.True(Status([.. two, At("c", Held(Wrong))]) is { Copies: 1, IsProtected: false } known
            && Names(known) == "a");
        _remembered.Sealed(Photos, Id, Sha256Digest.Of("none of them"u8));
        Assert.True(Status(two) is { Copies: 0, Holders.Count: 0 });
    }

    [Fact]
    public void One_tree_of_two_origins_is_two_snapshots()
    {
        _remembered.Requires(Photos, 2);

        Assert.Equal(1,
            Status(At("a", Held(Right)),
                At("b", Held(Right) with { OriginIdentity = "another machine:/photos" })).Copies);
        // What an older version put down does not say whose it is; its seal does.
        Assert.Equal(2, Status(At("a", Held(Right)), At("b", Held(Right) with { OriginIdentity = null })).Copies);
    }

    [Fact]
    public void Who_does_not_say_the_seal_is_nobodys_second_copy()
    {
        Assert.Equal(1, Status(At("a", Held(null)), At("b", Held(null))).Copies);
        Assert.Equal("b", Names(Status(At("a", Held(null)), At("b", Held(Right)))));
    }

    [Fact]
    public void A_conflict_is_named_with_who_has_what_and_so_is_the_future_and_a_root_that_is_there_twice()
    {
        var doubts = Of([At("a", Held(Right)), At("b", Held(Wrong)), At("c", Held(Right)),
            At("d", Held(Right) with { Snapshot = SnapshotId.Parse("20990101T000000Z") })], []);

        Assert.Equal(2, doubts.Count);
        Assert.Equal(
            $"2 different trees are called {Id} of photos, and each counts separately: {Start(Right)} (machine:/photos): a, "
            + $"c; {Start(Wrong)} (machine:/photos): b. Run the backup again", doubts[0]);
        Assert.Equal(
            "Snapshot 20990101T000000Z of photos at d is from the future: check the clocks; any other counts as newer",
                doubts[1]);
        Assert.Empty(Of([At("a", Held(Right)), At("b", Held(Right)), At("c", Held(null))], []));
        Assert.Equal(
            "a (machine:/a) and b (machine:/b) have one identity and are one copy, that of the first: remove .bdist/id "
            + "from the ROOT that was copied",
            Assert.Single(Of([], [new Duplicates(At("a"), At("b"))])));
        Assert.Equal(Doubts.Most, Of([], [.. Enumerable.Repeat(new Duplicates(At("a"), At("b")), 99)]).Count);

        static IReadOnlyList<string> Of(DestinationRegistration[] here, Duplicates[] twins) =>
            [.. Doubts.Of([.. NewestHeld.All(here, [])], twins, new SnapshotOrder(Noon)).Select(one => one.ToString())];

        static string Start(Sha256Digest digest) => digest.ToString()[..12];
    }

    private SnapshotStatus Status(params DestinationRegistration[] here) =>
        Assert.Single(SnapshotStatus.Newest(here, _remembered, Noon));

    private static string Names(SnapshotStatus status) =>
        string.Join(' ', status.Holders!.Select(holder => holder.Destination));

    private static HeldSnapshot Held(Sha256Digest? digest) => new(Photos, Id, 10, 100, digest, "machine:/photos");

    private static DestinationRegistration At(string name, params HeldSnapshot[] held) => new(
        new NodeIdentity(NodeName.Parse(name), $"id-{name}", 1), NodeAddress.Parse("127.0.0.1:1"), 1000, name,
            $"machine:/{name}", held, Epoch.None);
}
