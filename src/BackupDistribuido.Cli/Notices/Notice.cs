using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Notices;

/// <summary>An event to be told to others.</summary>
/// <param name="Json">The event's object of JSON output, on one line, without its end.</param>
internal sealed record Notice(NoticeKind Kind, string Json)
{
    /// <summary>The notice of a coordinator's event; null where it is of no kind that is told.</summary>
    public static Notice? Of(NodeEvent happened, DateTimeOffset time)
    {
        if (KindOf(happened) is not { } kind) return null;
        using var text = new StringWriter();
        using (var lines = new JsonLines(text, NodeRole.Coordinator)) lines.Show(happened, time);
        return new Notice(kind, text.ToString().TrimEnd('\n'));
    }

    /// <summary>The kind's name in configuration and for programs.</summary>
    public static string Name(NoticeKind kind) => kind switch
    {
        NoticeKind.RunFinished => "run-finished",
        NoticeKind.AtRisk => "at-risk",
        NoticeKind.DestinationLost => "destination-lost",
        NoticeKind.TooOld => "too-old",
        NoticeKind.Protected => "protected",
        NoticeKind.Damaged => "replica-damaged",
        _ => "warning",
    };

    private static NoticeKind? KindOf(NodeEvent happened) => happened switch
    {
        RunFinished => NoticeKind.RunFinished,
        SnapshotAtRisk => NoticeKind.AtRisk,
        DestinationLost or NodeLeft { Role: NodeRole.Destination, TookLeave: false } => NoticeKind.DestinationLost,
        SnapshotTooOld => NoticeKind.TooOld,
        SnapshotProtected => NoticeKind.Protected,
        Warned => NoticeKind.Warning,
        ReplicaDamaged => NoticeKind.Damaged,
        _ => null,
    };
}
