using Akka.Actor;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Client;

/// <summary>Asks a coordinator, once or again and again, over one connection. One question at a time.</summary>
public sealed class CoordinatorClient : IAsyncDisposable
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NodeAddress _address;
    private readonly ActorSystem _system;
    private TaskCompletionSource<Reason> _unreachable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One that asks at that address.</summary>
    public CoordinatorClient(NodeAddress address, NodeEnvironment environment)
    {
        _address = address;
        _system = environment.Start(ControlEndpoint.ForNode(address, environment.Key));
        Action<Reason> heard = why => Volatile.Read(ref _unreachable).TrySetResult(why);
        _system.ActorOf(Props.Create(() => new UnreachableListener(heard)), "unreachable");
    }

    /// <summary>The coordinator's answer.</summary>
    /// <exception cref="NodeException">It can't be reached, or is something else. It may be asked again.</exception>
    public async Task<T> AskAsync<T>(IWireMessage question, CancellationToken stop) where T : IWireMessage
    {
        var unreachable = new TaskCompletionSource<Reason>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _unreachable, unreachable);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var answer = _system.ActorSelection(ControlAddress.CoordinatorActor).Ask<T>(question, Patience, over.Token);
            if (await Task.WhenAny(answer, unreachable.Task).ConfigureAwait(false) == answer)
                return await answer.ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            throw NotReached(await unreachable.Task.ConfigureAwait(false));
        }
        catch (AskTimeoutException)
        {
            throw NotReached(ControlReason.NoAnswerWithin(Patience));
        }
    }

    private NodeException NotReached(Reason why) =>
        new(ExitCode.NotEnoughDestinations, ControlReason.NotReached(_address, why));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Incarnations.EndAsync(_system).ConfigureAwait(false);

    private sealed class UnreachableListener : ReceiveActor
    {
        public UnreachableListener(Action<Reason> heard) => Receive<CoordinatorUnreachable>(one => heard(one.Reason));

        protected override void PreStart() =>
            Context.System.EventStream.Subscribe(Self, typeof(CoordinatorUnreachable));

        protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
    }
}
