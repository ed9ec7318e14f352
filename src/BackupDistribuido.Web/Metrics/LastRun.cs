using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Web.Metrics;

/// <summary>How an origin's last run that is over went.</summary>
/// <param name="Ended">When it was over.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Skipped">Entries that are not in the snapshot.</param>
public sealed record LastRun(DateTimeOffset Ended, RunOutcome Outcome, int Copies, TreeTotals Totals, long Skipped,
    double Seconds);
