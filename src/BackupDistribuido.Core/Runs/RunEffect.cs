using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Runs;

/// <summary>
/// Something that a <see cref="LiveRun"/> wants done. Effects are carried out in the order in which they come.
/// </summary>
public abstract record RunEffect
{
    private RunEffect()
    {
    }

    /// <summary>Send a message to a destination of the run.</summary>
    public sealed record Tell(NodeName To, IRunMessage Message) : RunEffect;

    /// <summary>Send a message to whichever actor of a destination has reported last.</summary>
    public sealed record Answer(NodeName To, IRunMessage Message) : RunEffect;

    /// <summary>Send a message to the root of the content.</summary>
    public sealed record TellRoot(IRunMessage Message) : RunEffect;

    /// <summary>From now on that destination is the root of the content.</summary>
    public sealed record MoveRoot(NodeName Holder) : RunEffect;

    /// <summary>
    /// Open the port through which content is relayed. Answered with <see cref="LiveRun.RelayOpened"/>.
    /// </summary>
    public sealed record OpenRelay : RunEffect;

    /// <summary>Expect links of this plan at the relay.</summary>
    public sealed record TellRelay(DeliveryPlan Plan) : RunEffect;

    /// <summary>
    /// Write down in the record that this replica is stored. Answered with <see cref="LiveRun.Recorded"/>, or never.
    /// </summary>
    public sealed record PutDown(ReplicaReport Report, NodeIdentity Node) : RunEffect;

    /// <summary>Tell the coordinator.</summary>
    public sealed record Inform(RunNews News) : RunEffect;

    /// <summary>Tell the coordinator's owner.</summary>
    public sealed record Say(NodeEvent Event) : RunEffect;

    /// <summary>Write a line into the log; <paramref name="Format"/> has the places of the arguments.</summary>
    public sealed record Log(bool IsWarning, string Format, IReadOnlyList<object> Arguments) : RunEffect;

    /// <summary>The run is over, and need not be heard of any more.</summary>
    public sealed record Stop : RunEffect;
}
