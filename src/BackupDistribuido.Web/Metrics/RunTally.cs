namespace BackupDistribuido.Web.Metrics;

/// <summary>An origin's runs that were over since the coordinator's start, counted by their outcome, and how long they
/// took together.</summary>
public readonly record struct RunTally(long Protected, long AtRisk, long Failed, double Seconds)
{
    /// <summary>All of them.</summary>
    public long Count => Protected + AtRisk + Failed;
}
