using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Record.Entries;

/// <summary>A coordinator's events as the record keeps them: each kind by the name that it has in the JSON output, and
/// its parts as JSON.</summary>
internal static class EventForm
{
    private static readonly (string Kind, JsonTypeInfo Parts)[] Kinds =
    [
        ("listening", EventJson.Default.Listening),
        ("joined", EventJson.Default.NodeJoined),
        ("left", EventJson.Default.NodeLeft),
        ("run-started", EventJson.Default.RunStarted),
        ("run-paused", EventJson.Default.RunPaused),
        ("destination-lost", EventJson.Default.DestinationLost),
        ("replica-counted", EventJson.Default.ReplicaCounted),
        ("protected", EventJson.Default.SnapshotProtected),
        ("run-finished", EventJson.Default.RunFinished),
        ("at-risk", EventJson.Default.SnapshotAtRisk),
        ("too-old", EventJson.Default.SnapshotTooOld),
        ("replica-verified", EventJson.Default.ReplicaVerified),
        ("replica-damaged", EventJson.Default.ReplicaDamaged),
        ("warning", EventJson.Default.Warned),
    ];

    /// <summary>Its kind, and its parts; those of a kind that no coordinator has are null.</summary>
    public static (string Kind, string? Parts) Of(NodeEvent happened)
    {
        var (kind, parts) = Kinds.FirstOrDefault(one => one.Parts.Type == happened.GetType());
        return kind is null ? (happened.GetType().Name, null) : (kind, JsonSerializer.Serialize(happened, parts));
    }

    /// <summary>The event again; null where its parts are not known, or are another version's.</summary>
    public static NodeEvent? Read(string kind, string? parts)
    {
        // So it was called while a destination's own event had that name too.
        if (kind == "replica-stored") kind = "replica-counted";
        if (parts is null || Kinds.FirstOrDefault(one => one.Kind == kind).Parts is not { } form) return null;
        try
        {
            return (NodeEvent?)JsonSerializer.Deserialize(parts, form);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
