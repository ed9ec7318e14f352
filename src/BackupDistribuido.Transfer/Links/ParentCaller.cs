using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links;

/// <summary>Makes the link to a parent, where the plan says that this node dials it.</summary>
public static class ParentCaller
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Calls until the parent greets. The parent may hear of the plan later than this node, or be away for a
    /// moment: only <paramref name="cancel"/> ends it.</summary>
    /// <param name="told">Told once of each new reason why the parent does not take the call.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<AcceptedLink> CallAsync(
        DeliveryPlan plan, NodeName self, ClusterKey? key, Action<string> told, CancellationToken cancel)
    {
        var parent = plan.ParentOf(self)!;
        var call = new CallFrame(plan.Run, plan.Epoch, plan.Secret, self, parent.Name)
        {
            Version = plan.Receiver(self)!.Speaks.Version,
        };
        for (var known = ""; ;)
        {
            try
            {
                var link = await LinkDialer.CallAsync(parent.Data!, call, key, cancel).ConfigureAwait(false);
                if (plan.Judge(link.Hello, self) is not { } refusal) return link;
                await ChildEnd.RefuseAsync(link, refusal.Code, refusal.Reason).ConfigureAwait(false);
            }
            catch (LinkException e)
            {
                if (e.Code is not (ErrorCode.Run or ErrorCode.Epoch) && e.Message != known) told(known = e.Message);
            }
            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }
}
