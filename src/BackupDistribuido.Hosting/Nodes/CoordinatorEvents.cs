using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting.Notices;
using BackupDistribuido.Record;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>
/// Passes a coordinator's events to its owner and its metrics and, once they exist, to its record, the targets of
/// notices, and its page. From any thread.
/// </summary>
internal sealed class CoordinatorEvents(Action<NodeEvent> owner, MetricsFeed metrics)
{
    private readonly Lock _gate = new();
    private List<NodeEvent>? _early = [];
    private NodeFeed? _page;

    /// <summary>The record of events; null: none.</summary>
    public IJournal? Record { get; set; }

    /// <summary>The targets of notices; null: none.</summary>
    public NoticeDispatcher? Notices { get; set; }

    /// <summary>Tells all of them.</summary>
    public void Report(NodeEvent happened)
    {
        Notices?.Add(happened);
        ReportHere(happened);
    }

    /// <summary>
    /// Passes an event to all but the targets of notices: a failed notice is not itself sent as a notice.
    /// </summary>
    public void ReportHere(NodeEvent happened)
    {
        lock (_gate)
        {
            _early?.Add(happened);
            _page?.Report(happened);
        }
        metrics.Add(happened);
        if (Record is { } journal) CoordinatorRecord.Note(journal, happened);
        owner(happened);
    }

    /// <summary>Its page is there, and gets what happened before; null: it has none.</summary>
    public void Open(NodeFeed? page)
    {
        lock (_gate)
        {
            foreach (var happened in _early ?? []) page?.Report(happened);
            (_early, _page) = (null, page);
        }
    }
}
