using System.Globalization;
using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Hosting.Events;

/// <summary>The work of a run, in words.</summary>
public static class WorkText
{
    /// <summary><c>files: 12 new, 3 changed, 1 metadata only, 49,984 unchanged, 4 removed, since 20261121T090000Z; 12.3
    /// MiB read</c>; null: nothing is known.</summary>
    public static string? Source(SourceWork? source) =>
        source is null ? null : $"{Changes(source)}; {Words.Bytes(source.BytesRead)} read";

    private static string Changes(SourceWork source) => source.Changes is { } changes
        ? string.Create(CultureInfo.InvariantCulture,
            $"files: {changes.New:N0} new, {changes.Changed:N0} changed, {changes.MetadataOnly:N0} metadata only, "
            + $"{changes.Unchanged:N0} unchanged, {changes.Removed:N0} removed, since {changes.Since}")
        : source.IsFirst
        ? "files: all new, for this is the first run"
        : "files: what has changed is not known, for this machine has no record of the run before";

    /// <summary><c>12 received, 49,988 linked, last read 3 d ago; 12.3 MiB sent</c>.</summary>
    public static string Destination(ReplicaResult one, DateTimeOffset now)
    {
        var sent = $"{Words.Bytes(one.Sent)} sent";
        return one.Intake is { } intake ? $"{Intake(intake, now)}; {sent}" : sent;
    }

    /// <summary><c>12 received, 49,988 linked, last read 3 d ago</c>.</summary>
    public static string Intake(ReplicaIntake intake, DateTimeOffset now)
    {
        var read = intake.LinkedFiles == 0
            ? "" : intake.LastRead is { } last
            ? $", last read {Ago(now - last)} ago" : ", last read at a time that is not known";
        return FormattableString.Invariant($"{intake.ReceivedFiles:N0} received, {intake.LinkedFiles:N0} linked{read}");
    }

    private static string Ago(TimeSpan time) =>
        time.TotalDays >= 2
            ? FormattableString.Invariant($"{(long)time.TotalDays} d") : Words.Span(Math.Max(0, time.TotalSeconds));
}
