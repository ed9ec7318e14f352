using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting.Notices;
using BackupDistribuido.Record;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>Whom a coordinator tells what happens: its owner and its metrics, and its record, those who want notices,
/// and its page once they are there. From any thread.</summary>
internal sealed class CoordinatorEvents(Action<NodeEvent> owner, MetricsFeed metrics)
{
    private readonly Lock _gate = new();
    private List<NodeEvent>? _early = [];
    private NodeFeed? _page;

    /// <summary>Where it is put down; null: nowhere.</summary>
    public IJournal? Record { get; set; }

    /// <summary>Those who want notices; null: nobody does.</summary>
    public NoticeBoard? Notices { get; set; }

    /// <summary>Tells all of them.</summary>
    public void Report(NodeEvent happened)
    {
        Notices?.Add(happened);
        ReportHere(happened);
    }

    /// <summary>Tells all but those who want notices: that one of them was not told is not for them.</summary>
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
