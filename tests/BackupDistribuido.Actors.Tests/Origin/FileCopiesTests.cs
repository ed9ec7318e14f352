using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Tests.Origin;

public sealed class FileCopiesTests
{
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");
    private readonly FileCopies _copies = new();

    [Fact]
    public void Each_growth_is_told_once()
    {
        _copies.Add(A, [new EntryRange(1, 2), new EntryRange(2, 2)]);
        _copies.Add(B, [new EntryRange(2, 2)]);

        Assert.Equal([(1L, 1), (2L, 1), (2L, 2)], _copies.Settle(10));
        Assert.Empty(_copies.Settle(10));
        _copies.Add(A, [new EntryRange(1, 2)]);
        Assert.Empty(_copies.Settle(10));
    }

    [Fact]
    public void Ranges_wait_until_their_entries_are_known()
    {
        _copies.Add(A, [new EntryRange(3, 6)]);

        Assert.Empty(_copies.Settle(3));
        Assert.Equal([(3L, 1), (4L, 1)], _copies.Settle(5));
        Assert.Equal([(5L, 1), (6L, 1)], _copies.Settle(100));
    }

    [Fact]
    public void Who_is_lost_has_no_copies_nor_any_waiting()
    {
        _copies.Add(A, [new EntryRange(0, 0), new EntryRange(5, 5)]);
        _copies.Add(B, [new EntryRange(5, 5)]);
        Assert.Equal([(0L, 1)], _copies.Settle(1));

        _copies.Remove(A);
        _copies.Add(B, [new EntryRange(0, 0)]);

        Assert.Equal([(0L, 1), (5L, 1)], _copies.Settle(10).Order());
    }

    [Fact]
    public void Of_many_that_have_grown_a_part_is_told_at_a_time()
    {
        _copies.AddAll(A, FileCopies.MaxSettled + 5);
        _copies.AddAll(B, 2);

        var first = _copies.Settle(FileCopies.MaxSettled + 3);
        Assert.Equal((FileCopies.MaxSettled, (FileCopies.MaxSettled - 1L, 1)), (first.Count, first[^1]));
        Assert.Equal([(0L, 2), (1L, 2), (FileCopies.MaxSettled, 1), (FileCopies.MaxSettled + 1L, 1),
            (FileCopies.MaxSettled + 2L, 1)], _copies.Settle(FileCopies.MaxSettled + 3).Order());
        Assert.Equal(2, _copies.Settle(FileCopies.MaxSettled + 5).Count);
    }

    [Fact]
    public void Who_comes_again_after_it_was_lost_is_counted_once()
    {
        _copies.AddAll(A, 1);
        _copies.AddAll(B, 1);
        Assert.Equal(2, _copies.Settle(1).Count);
        _copies.Remove(A);

        _copies.AddAll(A, 1);

        Assert.Equal([(0L, 2)], _copies.Settle(1));
    }

    [Fact]
    public void All_of_a_stored_replica_counts()
    {
        _copies.Add(A, [new EntryRange(0, 0)]);
        _copies.AddAll(A, 3);
        _copies.AddAll(B, 0);

        Assert.Equal([(0L, 1), (1L, 1), (2L, 1)], _copies.Settle(3));
    }

    [Fact]
    public void What_is_no_range_of_entries_is_nothing()
    {
        _copies.Add(A, [new EntryRange(-5, 2), new EntryRange(4, 3)]);

        Assert.Empty(_copies.Settle(10));
    }

    [Fact]
    public void Entries_far_up_are_counted_too()
    {
        _copies.Add(A, [new EntryRange(1_000_000, 1_000_001)]);

        Assert.Equal([(1_000_000L, 1), (1_000_001L, 1)], _copies.Settle(2_000_000));
    }

    [Fact]
    public void What_a_destination_makes_up_fills_no_memory()
    {
        var copies = new FileCopies();
        copies.Add(NodeName.Parse("liar"),
            [new EntryRange(5, 4), new EntryRange(-1, 3), new EntryRange(0, long.MaxValue)]);
        Assert.Equal(0, copies.Waiting);
        for (var i = 0; i < 3; i++)
            copies.Add(NodeName.Parse("liar"),
                Enumerable.Repeat(new EntryRange(9_999_999, 9_999_999), FileCopies.MaxWaiting / 2));
        Assert.Equal(FileCopies.MaxWaiting, copies.Waiting);
    }
}
