namespace BackupDistribuido.Core.Events;

/// <summary>How much an event should worry its reader.</summary>
public enum Severity
{
    /// <summary>Things go their way.</summary>
    Plain,
    /// <summary>Something is safe now.</summary>
    Good,
    /// <summary>Something should be looked at some time.</summary>
    Warning,
    /// <summary>Something is not protected.</summary>
    Bad,
}

/// <summary>The events that a coordinator sends as notices.</summary>
public enum NoticeKind
{
    /// <summary>A run is over, however it ended.</summary>
    RunFinished,
    /// <summary>An origin's newest snapshot has had fewer copies than required for a while.</summary>
    AtRisk,
    /// <summary>A destination died, hung or was disconnected, or a run continues without it.</summary>
    DestinationLost,
    /// <summary>An origin's newest protected snapshot is older than it may be.</summary>
    TooOld,
    /// <summary>A snapshot has its required copies.</summary>
    Protected,
    /// <summary>A warning to the owner.</summary>
    Warning,
    /// <summary>A destination read a replica again, and it is damaged.</summary>
    Damaged,
}

/// <summary>
/// Describes one kind of event: its name, severity, fields, the form of its text, and its recipients. Its texts are in
/// the resource files under <c>event.NAME</c>, or <c>event.NAME.FORM</c> if it has several; they name its fields.
/// </summary>
public abstract class EventDescriptor
{
    private protected EventDescriptor(string name, Type type) => (Name, Type) = (name, type);

    /// <summary>Its name in JSON output, notices and the record: <c>run-started</c>. Names are for programs; they do
    /// not change.</summary>
    public string Name { get; }

    /// <summary>The type of these events.</summary>
    public Type Type { get; }

    /// <summary>How bad events of this kind are, of which nothing more is known.</summary>
    public Severity Severity { get; init; }

    /// <summary>Whether it is written to the log, and at a coordinator to its record.</summary>
    public bool IsKept { get; init; } = true;

    /// <summary>How bad this one is.</summary>
    public abstract Severity SeverityOf(NodeEvent happened);

    /// <summary>The notice for this event; null: none.</summary>
    public abstract NoticeKind? NoticeOf(NodeEvent happened);

    /// <summary>Names its fields, in their order.</summary>
    public abstract void Tell(NodeEvent happened, IEventFields to);

    /// <summary>The name of the text that is due.</summary>
    internal abstract string TextOf(NodeEvent happened);
}

/// <summary>The descriptor of events of a type.</summary>
/// <param name="fields">Names the event's fields.</param>
public sealed class EventDescriptor<T>(string name, Action<T, IEventFields> fields) : EventDescriptor(name, typeof(T))
    where T : NodeEvent
{
    /// <summary>How bad one is, where that differs; null: all are as <see cref="EventDescriptor.Severity"/>
    /// says.</summary>
    internal Func<T, Severity>? How { get; init; }

    /// <summary>The notice for an event; null: none.</summary>
    internal Func<T, NoticeKind?>? Notice { get; init; }

    /// <summary>The form of its text, empty for the one without a name; null: there is no other.</summary>
    internal Func<T, string>? Form { get; init; }

    /// <inheritdoc/>
    public override Severity SeverityOf(NodeEvent happened) =>
        happened is T one && How is { } how ? how(one) : Severity;

    /// <inheritdoc/>
    public override NoticeKind? NoticeOf(NodeEvent happened) => Notice?.Invoke((T)happened);

    /// <inheritdoc/>
    public override void Tell(NodeEvent happened, IEventFields to) => fields((T)happened, to);

    internal override string TextOf(NodeEvent happened) =>
        Form?.Invoke((T)happened) is { Length: > 0 } form ? $"event.{Name}.{form}" : $"event.{Name}";
}
