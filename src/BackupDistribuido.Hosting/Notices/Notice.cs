using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Hosting.Notices;

/// <summary>An event to be told to others.</summary>
/// <param name="Json">The event's object of JSON output, on one line, without its end.</param>
public sealed record Notice(NoticeKind Kind, string Json)
{
    /// <summary>The notice of a coordinator's event; null if events of its kind are not sent.</summary>
    public static Notice? Of(NodeEvent happened, DateTimeOffset time)
    {
        if (EventDescriptors.Of(happened)?.NoticeOf(happened) is not { } kind) return null;
        return new Notice(kind, new EventJson(NodeRole.Coordinator).Line(happened, time));
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
}
