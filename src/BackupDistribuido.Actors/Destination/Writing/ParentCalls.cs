using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>A node's calls to its parent, where the plan says that it dials the parent: one at a time, and none for a
/// plan that is not the newest. For one thread.</summary>
internal sealed class ParentCalls(DestinationWork work)
{
    private CancellationTokenSource _cancel = new();
    private Task _calling = Task.CompletedTask;
    private Epoch _epoch;

    /// <summary>Calls until there is a link. Null where it does so already, where the plan has no such call, and where
    /// no link is <paramref name="wanted"/>.</summary>
    /// <param name="told">Told why the parent does not take the link yet; from any thread.</param>
    public Task<AcceptedLink>? Call(DeliveryPlan plan, bool wanted, Action<string> told)
    {
        if (_epoch != plan.Epoch) _cancel.Cancel();
        else if (!_calling.IsCompleted) return null;
        if (!wanted || plan.Receiver(work.Name) is not { Calls: true }) return null;
        (_cancel, _epoch) = (new CancellationTokenSource(), plan.Epoch);
        var calling = ParentCaller.CallAsync(plan, work.Name, work.Security, told, _cancel.Token);
        _calling = calling;
        return calling;
    }

    /// <summary>Gives up the call that is under way.</summary>
    public void Cancel() => _cancel.Cancel();
}
