using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Record.Entries;

/// <summary>The names of a coordinator's events, those that they have in its JSON output.</summary>
internal static class EventKind
{
    public static string Of(NodeEvent happened) => happened switch
    {
        Listening => "listening",
        NodeJoined => "joined",
        NodeLeft => "left",
        RunStarted => "run-started",
        RunPaused => "run-paused",
        DestinationLost => "destination-lost",
        ReplicaCounted => "replica-stored",
        SnapshotProtected => "protected",
        RunFinished => "run-finished",
        SnapshotAtRisk => "at-risk",
        SnapshotTooOld => "too-old",
        ReplicaVerified => "replica-verified",
        ReplicaDamaged => "replica-damaged",
        Warned => "warning",
        _ => happened.GetType().Name,
    };
}
