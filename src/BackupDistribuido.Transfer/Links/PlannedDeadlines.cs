using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links;

/// <summary>How long a parent waits for a child of a plan.</summary>
public static class PlannedDeadlines
{
    /// <summary>
    /// Where a limit holds the child's link, or what the child forwards, to a rate, it is not taken for one that has
    /// stopped. <paramref name="links"/> share the parent's own limit.
    /// </summary>
    public static LinkDeadlines Deadlines(this PlanNode child, LinkDeadlines deadlines, WireLimit? own, int links)
    {
        var share = own?.Rate.BytesPerSecond / Math.Max(1, links);
        return deadlines.SlowedTo(child.Allowed is { } below && !(below > share) ? below : share, child.Height);
    }
}
