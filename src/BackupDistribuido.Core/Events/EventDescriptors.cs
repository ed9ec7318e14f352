namespace BackupDistribuido.Core.Events;

/// <summary>All kinds of events but those that say how far something is.</summary>
public static class EventDescriptors
{
    /// <summary>Written by an output itself: so many events before the next one were left out.</summary>
    public const string Dropped = "dropped";

    private static readonly Dictionary<string, EventDescriptor> ByName;
    private static readonly Dictionary<Type, EventDescriptor> ByType;

    static EventDescriptors()
    {
        All = [.. ConnectionEvents.All, .. RunEvents.All, .. ReplicaEvents.All];
        (ByName, ByType) = (All.ToDictionary(one => one.Name), All.ToDictionary(one => one.Type));
    }

    /// <summary>Each of them.</summary>
    public static IReadOnlyList<EventDescriptor> All { get; }

    /// <summary>The event's descriptor; of one that is recalled that of its kind. Null: it is progress, or of a kind
    /// that another version has.</summary>
    public static EventDescriptor? Of(NodeEvent happened) =>
        happened is Recalled recalled ? Named(recalled.Kind) : ByType.GetValueOrDefault(happened.GetType());

    /// <summary>The descriptor of that name; null: there is none.</summary>
    public static EventDescriptor? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>How bad it is.</summary>
    public static Severity SeverityOf(NodeEvent happened) => Of(happened)?.SeverityOf(happened) ?? Severity.Plain;
}
