using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Delivery;

/// <summary>The work of a run, in words.</summary>
public static class WorkPhrases
{
    /// <summary><c>files: 12 new, 3 changed, 1 metadata only, 49,984 unchanged, 4 removed, since 20261121T090000Z; 12.3
    /// MiB read</c>.</summary>
    public static Phrase Source(SourceWork source) =>
        new("work.source", ("changes", Changes(source)), ("read", source.BytesRead));

    /// <summary>One phrase for each kind of change that occurs.</summary>
    public static IEnumerable<Phrase> Each(TreeChanges changes)
    {
        (string Name, long Count)[] all = [("new", changes.New), ("changed", changes.Changed),
            ("metadata-only", changes.MetadataOnly), ("removed", changes.Removed)];
        return all.Where(one => one.Count > 0).Select(one => new Phrase($"work.{one.Name}", ("count", one.Count)));
    }

    /// <summary><c>12 received, 49,988 linked, last read 3 d ago; 12.3 MiB sent</c>.</summary>
    /// <param name="span">Writes a duration.</param>
    public static Phrase Destination(ReplicaResult one, DateTimeOffset now, Func<TimeSpan, string> span)
    {
        var sent = new Phrase("work.sent", ("sent", one.Sent));
        return one.Intake is { } intake
            ? new Phrase("work.destination", ("intake", Intake(intake, now, span)), ("sent", sent)) : sent;
    }

    /// <summary><c>12 received, 49,988 linked, last read 3 d ago</c>.</summary>
    /// <param name="span">Writes a duration.</param>
    public static Phrase Intake(ReplicaIntake intake, DateTimeOffset now, Func<TimeSpan, string> span) =>
        new("work.intake", ("received", intake.ReceivedFiles), ("linked", intake.LinkedFiles),
            ("read", intake.LinkedFiles == 0 ? null
                : intake.LastRead is { } last ? new Phrase("work.last-read", ("ago", span(now - last)))
                : new Phrase("work.never-read")));

    private static Phrase Changes(SourceWork source) => source.Changes is { } changes
        ? new("work.changes", ("new", changes.New), ("changed", changes.Changed), ("metadata", changes.MetadataOnly),
            ("unchanged", changes.Unchanged), ("removed", changes.Removed), ("since", changes.Since.ToString()))
        : new(source.IsFirst ? "work.all-new" : "work.unknown");
}
