using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Retention;

namespace BackupDistribuido.Core.Tests.Retention;

public sealed class RetentionRuleTests
{
    /// <summary>Snapshots from the oldest to the newest as "ENTRIES" or "ENTRIES-MISSING", with n where it lacks names,
    /// ! where it is damaged and ? where its manifest is gone; which of them go and are held back, by their
    /// places.</summary>
    [Theory]
    [InlineData("9 9 9 9", 2, "0 1", "")]
    [InlineData("9 9 9 9", 4, "", "")]
    [InlineData("9 9 9 9", 9, "", "")]
    [InlineData("9 9 9 9", 0, "0 1 2", "")]
    // A damaged one, or one without its manifest, takes nobody's place; nothing that is newer than the oldest that
    // counts goes.
    [InlineData("9 9! 9", 2, "", "")]
    [InlineData("9 9? 9", 2, "", "")]
    [InlineData("9 9! 9", 1, "0 1", "")]
    [InlineData("9 9 9! 9 9", 3, "0", "")]
    [InlineData("9 9! 9! 9", 3, "", "")]
    // What was stored last must itself be one to go back to.
    [InlineData("9 9 9!", 1, "", "")]
    [InlineData("9 9 9?", 1, "", "")]
    // Nothing as complete has come since: it stays, and with it nothing older that is no more complete.
    [InlineData("83 3", 1, "", "0")]
    [InlineData("83 83 3", 1, "0", "1")]
    [InlineData("83 83 3 3 3", 2, "0 2", "1")]
    [InlineData("500 83 3", 1, "", "0 1")]
    [InlineData("100 75", 1, "0", "")]
    [InlineData("100 74", 1, "", "0")]
    [InlineData("100 3 90 3", 2, "0 1", "")]
    [InlineData("100! 3", 1, "0", "")]
    [InlineData("100 90! 3", 1, "1", "0")]
    // What this destination could hold once, and can't any more, stays where nothing after it has it: one.
    [InlineData("9 9 9-1", 1, "0", "1")]
    [InlineData("9 9-1 9-1", 1, "1", "0")]
    [InlineData("9 9 9-1", 2, "0", "")]
    [InlineData("9-2 9-1 9-3", 1, "0", "1")]
    [InlineData("9-1 9-2 9-3 9-4", 1, "1 2", "0")]
    [InlineData("9-1 9-1", 1, "0", "")]
    [InlineData("100 9-1 100-2", 1, "1", "0")]
    [InlineData("9 9-1n 9-2n", 1, "1", "", 0)]
    // What lacks names pushes out others that do, but never the newest that has them all.
    [InlineData("9 9n", 1, "", "", 0)]
    [InlineData("9 9 9n 9n 9n", 2, "0 2", "", 1)]
    [InlineData("9n 9n 9n", 1, "0 1", "")]
    [InlineData("9 9n 9", 1, "0 1", "")]
    [InlineData("9 9! 9n", 1, "1", "", 0)]
    [InlineData("83 83n 3n", 1, "", "1", 0)]
    public void The_oldest_go_that_are_worth_no_more_than_those_that_stay(string all, int keep, string removed,
        string held, int? named = null)
    {
        var snapshots = Snapshots(all);

        var plan = RetentionRule.Plan(snapshots, keep, snapshots[^1].Id, mayShrink: false);

        Assert.Equal(named is { } place ? snapshots[place].Id : null, plan.Named);
        Assert.Equal((removed, held), (Places(plan.Removed, snapshots), Places(plan.HeldBack, snapshots)));
    }

    [Fact]
    public void A_smaller_tree_takes_the_place_of_a_larger_one_where_its_owner_says_so()
    {
        var snapshots = Snapshots("500 83 3");

        Assert.Equal("0 1",
            Places(RetentionRule.Plan(snapshots, 1, snapshots[2].Id, mayShrink: true).Removed, snapshots));
        Assert.Equal("0",
            Places(RetentionRule.Plan(Snapshots("9 9-1"), 1, snapshots[1].Id, mayShrink: true).Removed, snapshots));
    }

    [Fact]
    public void What_was_stored_stays_though_others_are_newer()
    {
        var snapshots = Snapshots("9 9 9");

        Assert.Equal("0",
            Places(RetentionRule.Plan(snapshots, 1, snapshots[1].Id, mayShrink: false).Removed, snapshots));
    }

    private static List<KeptSnapshot> Snapshots(string all)
    {
        var id = SnapshotId.Parse("20261122T163305Z");
        var snapshots = new List<KeptSnapshot>();
        foreach (var one in all.Split(' '))
        {
            var numbers = one.TrimEnd('!', 'n', '?').Split('-').Select(long.Parse).ToList();
            snapshots.Add(new KeptSnapshot(id, one.EndsWith('?') ? null : numbers[0], one.EndsWith('!'),
                one.EndsWith('n'), numbers.ElementAtOrDefault(1)));
            id = SnapshotId.After(id, id.Time);
        }
        return snapshots;
    }

    private static string Places(IEnumerable<SnapshotId> ids, List<KeptSnapshot> of) =>
        string.Join(' ', ids.Select(id => of.FindIndex(one => one.Id == id)));
}
