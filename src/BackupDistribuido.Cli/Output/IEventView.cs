using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>Something that shows a node's events to its owner. Called by one thread at a time, <see cref="Restore"/> by
/// any.</summary>
internal interface IEventView : IDisposable
{
    /// <summary>False for events that this view never shows.</summary>
    bool Shows(NodeEvent happened);

    /// <summary>True for events that may be left out when they come faster than the view can show them.</summary>
    bool MayDrop(NodeEvent happened);

    /// <summary>Shows an event that happened at <paramref name="time"/> (UTC).</summary>
    void Show(NodeEvent happened, DateTimeOffset time);

    /// <summary>
    /// This many events before the next one were dropped, because the reader was too slow; it is
    /// <paramref name="time"/> (UTC).
    /// </summary>
    void Missed(long count, DateTimeOffset time);

    /// <summary>No more events are waiting: a good moment to flush buffered output.</summary>
    void Flush();

    /// <summary>Gives the terminal back as it was (cursor, colours), also in the middle of things.</summary>
    void Restore();
}
