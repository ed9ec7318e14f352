using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Hosting.Events;

/// <summary>What a run came to.</summary>
public static class FinalLines
{
    /// <summary>Most destinations whose work is told.</summary>
    public const int MostNamed = 20;

    /// <summary>What has changed in the tree, and for each destination with a replica what it received and what it had:
    /// of the first <see cref="MostNamed"/>.</summary>
    public static IEnumerable<string> Work(RunSummary end, DateTimeOffset now)
    {
        if (WorkText.Source(end.Source) is { } source) yield return source;
        var stored = end.Destinations.Where(one => one.State == ReplicaState.Stored
            && (one.Intake is not null || one.Sent > 0)).ToList();
        foreach (var one in stored.Take(MostNamed)) yield return $"{one.Name}: {WorkText.Destination(one, now)}";
        if (stored.Count > MostNamed) yield return $"and {Words.Count(stored.Count - MostNamed, "more destination")}";
    }

    /// <summary>A line for each destination that has no replica, or one that lacks something, and for each disk that
    /// does not protect against its own loss.</summary>
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
