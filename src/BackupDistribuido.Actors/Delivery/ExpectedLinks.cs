using System.Collections.Concurrent;
using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>
/// Stands between the data listener, which outlives ActorSystems, and the writers: knows the expected links, and passes
/// each admitted one to its writer. Safe from any thread.
/// </summary>
internal sealed class ExpectedLinks(NodeName self)
{
    private readonly ConcurrentDictionary<RunId, (DeliveryPlan Plan, IActorRef Writer)> _expected = new();

    /// <summary>From now on links of this plan, and of no older one of its run, go to that writer.</summary>
    public void Expect(DeliveryPlan plan, IActorRef writer) => _expected[plan.Run] = (plan, writer);

    /// <summary>No links of the run are taken any more.</summary>
    public void Forget(RunId run) => _expected.TryRemove(run, out _);

    /// <summary>No more links are accepted.</summary>
    public void Clear() => _expected.Clear();

    /// <summary>Judges a greeting.</summary>
    public Admission Admit(HelloFrame hello)
    {
        if (!_expected.TryGetValue(hello.Run, out var expected))
            return Admission.Refused(ErrorCode.Run, LinkReason.NoRun);
        return expected.Plan.Judge(hello, self) is { } refusal
            ? Admission.Refused(refusal.Code, refusal.Reason) : Admission.Granted;
    }

    /// <summary>Hands an admitted link to its writer.</summary>
    public void Accepted(IParentLink link)
    {
        if (_expected.TryGetValue(link.Hello.Run, out var expected)) expected.Writer.Tell(link);
        else _ = link.RefuseAsync(ErrorCode.Run, LinkReason.RunOver);
    }
}
