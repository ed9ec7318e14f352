using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Hosting.Events;

/// <summary>The final lines of a run.</summary>
public static class FinalLines
{
    /// <summary>Maximum number of destinations whose work is listed.</summary>
    public const int MostNamed = 20;

    /// <summary>
    /// The changes in the tree and, for each of the first <see cref="MostNamed"/> destinations with a replica, what it
    /// received and what it already had.
    /// </summary>
    public static IEnumerable<string> Work(RunSummary end, DateTimeOffset now)
    {
        if (WorkText.Source(end.Source) is { } source) yield return source;
        var stored = end.Destinations.Where(one => one.State == ReplicaState.Stored
            && (one.Intake is not null || one.Sent > 0)).ToList();
        foreach (var one in stored.Take(MostNamed)) yield return $"{one.Name}: {WorkText.Destination(one, now)}";
        if (stored.Count > MostNamed) yield return $"and {Words.Count(stored.Count - MostNamed, "more destination")}";
    }

    /// <summary>
    /// A line for each destination that has no replica or an incomplete one, and for each disk that does not protect
    /// against its own loss.
    /// </summary>
    public static IEnumerable<string> Destinations(RunSummary end)
    {
        foreach (var one in end.Destinations.Where(one => one.State != ReplicaState.Stored))
            yield return $"{(one.State == ReplicaState.Failed ? "failed" : "unknown")}: destination {one.Name}: "
                + $"{(one.Reason.IsNone ? "it had not finished" : one.Reason.ToString())}";
        foreach (var one in end.Destinations.Where(one => one.State == ReplicaState.Stored && !one.Reason.IsNone))
            yield return $"destination {one.Name} has its replica "
                + $"{one.Reason}{(one.Missing == 0 ? "" : $"; {Words.Count(one.Missing, "entry")} missing there")}";
        foreach (var sentence in SharedDisks.Describe(end.Destinations.Where(one => one.State == ReplicaState.Stored)
            .Select(one => (one.Name, one.Disk)), end.SourceDisk))
            yield return sentence.ToString();
    }
}
