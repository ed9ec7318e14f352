using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Record.Entries;

/// <summary>A coordinator's events as the record keeps them: each by its descriptor's name, and its parts as
/// JSON.</summary>
internal static class EventForm
{
    /// <summary>Its name, and its parts; null: it is of no kind that a record keeps.</summary>
    public static (string Kind, string Parts)? Of(NodeEvent happened) =>
        EventDescriptors.Of(happened) is { IsKept: true } descriptor && PartsOf(descriptor) is { } parts
            ? (descriptor.Name, JsonSerializer.Serialize(happened, parts)) : null;

    /// <summary>The event again; null where its parts are not known, or are another version's.</summary>
    public static NodeEvent? Read(string kind, string? parts)
    {
        // So it was called while a destination's own event had that name too.
        if (kind == "replica-stored") kind = "replica-counted";
        if (parts is null || EventDescriptors.Named(kind) is not { } descriptor || PartsOf(descriptor) is not { } form)
            return null;
        try
        {
            return (NodeEvent?)JsonSerializer.Deserialize(parts, form);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonTypeInfo? PartsOf(EventDescriptor descriptor) =>
        EventParts.Default.GetTypeInfo(descriptor.Type);
}
