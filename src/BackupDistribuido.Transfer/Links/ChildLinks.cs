using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links;

/// <summary>Makes the link from a node to a child of a plan, whichever of both dials.</summary>
public static class ChildLinks
{
    /// <summary>Ends when the child has answered the greeting.</summary>
    /// <param name="greeting">How long a child without children of its own may take for it.</param>
    /// <param name="givesContent">Whether the child may ask for content by its digest.</param>
    /// <exception cref="LinkException">The child was not reached, did not call, or refuses.</exception>
    public static async Task<IChildLink> MakeAsync(DeliveryPlan plan, NodeName self, PlanNode child,
        ChildConnections? calls,
        ILinks links, TimeSpan greeting, CancellationToken cancel, bool givesContent = false)
    {
        var hello = new HelloFrame(plan.Run, plan.Epoch, plan.Secret, self, child.Name, plan.Snapshot)
        {
            Profile = givesContent ? child.Speaks : child.Speaks.Plain,
        };
        var patience = greeting * child.Height;
        if (child.Calls && calls is not null)
        {
            var connection = await calls.TakeAsync(plan, child.Name, patience, cancel).ConfigureAwait(false);
            return (await LinkDialer.GreetAsync(connection, hello, child.Name.ToString(), cancel, patience)
                .ConfigureAwait(false)).Waiting(cancel);
        }
        if (child.Data is not { } address)
            throw new LinkException(ErrorCode.Silence, LinkReason.NeitherAccepts(child.Name, self));
        return await links.DialAsync(address, hello, patience, cancel).ConfigureAwait(false);
    }
}
