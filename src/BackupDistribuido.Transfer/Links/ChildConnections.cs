using System.Collections.Concurrent;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;

namespace BackupDistribuido.Transfer.Links;

/// <summary>
/// Where children call that dial their parent: knows the plans in which this node is one, and keeps each connection
/// until its link begins. It outlives ActorSystems. Safe from any thread.
/// </summary>
public sealed class ChildConnections(NodeName self)
{
    private readonly ConcurrentDictionary<RunId, Expected> _expected = new();

    /// <summary>From now on children of this plan, and of no older one of its run, may call.</summary>
    public void Expect(DeliveryPlan plan)
    {
        if (_expected.TryGetValue(plan.Run, out var known) && !(known.Plan.Epoch < plan.Epoch)) return;
        _expected[plan.Run] = new Expected(plan);
        known?.Dispose();
    }

    /// <summary>Nobody of the run may call any more.</summary>
    public void Forget(RunId run)
    {
        if (_expected.TryRemove(run, out var known)) known.Dispose();
    }

    /// <summary>Judges a call.</summary>
    public Admission Admit(CallFrame call)
    {
        if (!_expected.TryGetValue(call.Run, out var expected))
            return Admission.Refused(ErrorCode.Run, LinkReason.NoRun);
        var plan = expected.Plan;
        // As with greetings: who can't show this epoch's secret is not told which one is open.
        if (call.Epoch != plan.Epoch) return Admission.Refused(ErrorCode.Epoch, LinkReason.OtherEpoch);
        if (call.Secret != plan.Secret) return Admission.Refused(ErrorCode.Secret, LinkReason.OtherSecret);
        if (call.Parent != self || plan.Receiver(call.Node) is not { Calls: true }
            || plan.ParentOf(call.Node)?.Name != self)
        {
            return Admission.Refused(ErrorCode.Order, LinkReason.NotPlanned);
        }
        return plan.Receiver(call.Node)!.Speaks.Version == call.Version
            ? Admission.Granted : Admission.Refused(ErrorCode.Version, LinkReason.OtherVersion);
    }

    /// <summary>Keeps an admitted connection; one that the same child has made before is closed.</summary>
    public void Called(CallFrame call, PeerConnection connection)
    {
        if (_expected.TryGetValue(call.Run, out var expected) && expected.Plan.Epoch == call.Epoch)
            expected.Put(call.Node, connection);
        else connection.Dispose();
    }

    /// <summary>The connection of a child of the plan, whether it has called already or does so within
    /// <paramref name="patience"/>.</summary>
    /// <exception cref="LinkException">It does not, or another plan is open.</exception>
    public async Task<PeerConnection> TakeAsync(DeliveryPlan plan, NodeName child, TimeSpan patience,
        CancellationToken cancel)
    {
        if (!_expected.TryGetValue(plan.Run, out var expected) || expected.Plan.Epoch != plan.Epoch)
            throw new LinkException(ErrorCode.Epoch, LinkReason.OtherPlan);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            return await expected.TakeAsync(child, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LinkException(ErrorCode.Silence, LinkReason.NotDialled(child, patience)) { IsUnreached = true };
        }
    }

    private sealed class Expected(DeliveryPlan plan) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<NodeName, PeerConnection> _here = [];
        private readonly List<(NodeName Child, TaskCompletionSource<PeerConnection> Call)> _waiting = [];
        private bool _isOver;

        public DeliveryPlan Plan => plan;

        public void Put(NodeName child, PeerConnection connection)
        {
            lock (_gate)
            {
                if (_here.Remove(child, out var older)) older.Dispose();
                if (_isOver) connection.Dispose();
                else if (_waiting.FindIndex(one => one.Child == child) is var first and >= 0)
                {
                    var call = _waiting[first].Call;
                    _waiting.RemoveAt(first);
                    // Whoever waited goes on by another thread; nothing of it runs here.
                    call.SetResult(connection);
                }
                else _here[child] = connection;
            }
        }

        public async Task<PeerConnection> TakeAsync(NodeName child, CancellationToken cancel)
        {
            var call = new TaskCompletionSource<PeerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                if (_here.Remove(child, out var connection)) return connection;
                _waiting.Add((child, call));
            }
            await using var giveUp = cancel.Register(() =>
            {
                lock (_gate)
                {
                    // It may have come just now: then it is taken.
                    if (_waiting.RemoveAll(one => one.Call == call) > 0) call.SetCanceled(cancel);
                }
            });
            return await call.Task.ConfigureAwait(false);
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _isOver = true;
                foreach (var connection in _here.Values) connection.Dispose();
                _here.Clear();
            }
        }
    }
}
