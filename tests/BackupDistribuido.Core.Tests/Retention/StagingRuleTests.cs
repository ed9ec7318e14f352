using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Retention;

namespace BackupDistribuido.Core.Tests.Retention;

public sealed class StagingRuleTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly StagingRule Rule = new(TimeSpan.FromHours(168), 0.5);

    [Fact]
    public void What_is_old_or_of_no_use_goes() =>
        Assert.Equal(["old", "junk"],
            Gone(Left("fresh", 1, 167), Left("old", 1, 169), Left("junk", 1, 0) with { IsResumable = false }));

    [Fact]
    public void Beyond_the_share_the_longest_unused_goes_first() =>
        Assert.Equal(["b", "c"],
            Gone(Left("c", 30, 30), Left("a", 30, 10), Left("b", 30, 20), Left("d", 20, 25))
                .Order(StringComparer.Ordinal));

    [Fact]
    public void A_clock_that_went_back_makes_nothing_old() => Assert.Empty(Gone(Left("from tomorrow", 1, -24)));

    private static IEnumerable<string> Gone(params AbandonedItem[] leftovers) =>
        Rule.Expired(leftovers, 100, Now).Select(gone => gone.Name).OrderDescending(StringComparer.Ordinal);

    private static AbandonedItem Left(string name, long bytes, int hoursAgo) =>
        new(NodeName.Parse("o"), name, true, bytes, 1, Now.AddHours(-hoursAgo));
}
