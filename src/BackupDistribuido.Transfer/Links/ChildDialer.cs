using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links;

/// <summary>A child whose link did not come up, and why.</summary>
public sealed record FailedChild(NodeName Child, Exception Problem);

/// <summary>The links to a receiver's children that came up, and those that did not.</summary>
public sealed record DialedChildren(IReadOnlyList<ChildBranch> Branches, IReadOnlyList<FailedChild> Failed);

/// <summary>Makes the links to all children that a plan gives to a receiver, at once.</summary>
public static class ChildDialer
{
    /// <summary>Ends when each has answered or failed; never fails itself.</summary>
    public static async Task<DialedChildren> DialAsync(
        DeliveryPlan plan, NodeName self, ChildConnections calls, ILinks links, WireLimit? limit,
            LinkDeadlines deadlines, BufferPool buffers, CancellationToken cancel)
    {
        var children = plan.Receiver(self)?.Children ?? [];
        var dialled = await Task.WhenAll(children.Select(DialOneAsync)).ConfigureAwait(false);
        return new DialedChildren([.. dialled.Select(one => one.Branch).OfType<ChildBranch>()],
            [.. dialled.Select(one => one.Failed).OfType<FailedChild>()]);

        async Task<(ChildBranch? Branch, FailedChild? Failed)> DialOneAsync(PlanNode child)
        {
            try
            {
                var link = await ChildLinks.MakeAsync(plan, self, child, calls, links, deadlines.Greeting, cancel)
                    .ConfigureAwait(false);
                return (new ChildBranch(child.Name, link, buffers, child.Deadlines(deadlines, limit, children.Count),
                    limit), null);
            }
            catch (Exception e)
            {
                return (null, new FailedChild(child.Name, e));
            }
        }
    }
}
