using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Hosting.Events;

/// <summary>The work of a run, in words for the command line.</summary>
public static class WorkText
{
    /// <summary><c>files: 12 new, 3 changed, 1 metadata only, 49,984 unchanged, 4 removed, since 20261121T090000Z; 12.3
    /// MiB read</c>; null: nothing is known.</summary>
    public static string? Source(SourceWork? source) =>
        source is null ? null : WorkPhrases.Source(source).ToString();

    /// <summary><c>12 received, 49,988 linked, last read 3 d ago; 12.3 MiB sent</c>.</summary>
    public static string Destination(ReplicaResult one, DateTimeOffset now) =>
        WorkPhrases.Destination(one, now, Ago).ToString();

    private static string Ago(TimeSpan time) =>
        time.TotalDays >= 2
            ? FormattableString.Invariant($"{(long)time.TotalDays} d") : Words.Span(Math.Max(0, time.TotalSeconds));
}
