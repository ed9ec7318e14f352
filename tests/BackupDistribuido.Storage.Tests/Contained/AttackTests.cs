using System.Globalization;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>
/// What works below a folder works there only, whatever an attacker with a shell exchanges meanwhile. All attacks run
/// at the same time, for <c>BDIST_ATTACK</c> seconds (default 5).
/// </summary>
public sealed class AttackTests
{
    private static readonly TimeSpan Time =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("BDIST_ATTACK") ?? "5",
            CultureInfo.InvariantCulture));
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Nothing_leaves_the_folder_while_names_are_exchanged()
    {
        using var stagings = new AttackOnStaging();
        using var snapshots = new AttackOnSnapshots();
        using var removals = new AttackOnRemoval();
        using var sources = new AttackOnSource();
        using var resumptions = new AttackOnResumption();
        await Task.WhenAll(Run(stagings), Run(snapshots), Run(removals), Run(sources), Run(resumptions));
        Assert.All<Attack>([stagings, snapshots, removals, sources, resumptions],
            attack => attack.AssertOutsideIsUntouched());
    }

    /// <summary>
    /// Rounds until the time is over, and on a busy machine until some were hit and some were not, on a thread of their
    /// own, because a thread may give capabilities up.
    /// </summary>
    private static Task Run(Attack attack) => Task.Factory.StartNew(() =>
    {
        var (held, failed) = (0, 0);
        using var attacker = attack.Begin();
        for (var ends = DateTime.UtcNow + Time; DateTime.UtcNow < ends
            || (!IsEnough() && DateTime.UtcNow < ends + Patience);)
        {
            if (attack.Round()) held++;
            else failed++;
        }
        // Else nobody attacked, or nothing worked.
        Assert.True(IsEnough(),
            $"{attack.GetType().Name}: {attacker.Done} exchanges, {held} rounds succeeded, {failed} did not");

        bool IsEnough() => attacker.Done > 100 && held > 0 && failed > 0;
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
