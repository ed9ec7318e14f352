using Akka.Actor;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors;

/// <summary>
/// A node's ActorSystems, one after the other: a new one each time the old one can no longer talk to the coordinator.
/// At the end the coordinator is told that the node leaves, so that it need not detect it.
/// </summary>
internal static class NodeLife
{
    private static readonly TimeSpan LeaveWait = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Runs until <paramref name="end"/> completes in any way, or <paramref name="stop"/> is requested.
    /// </summary>
    /// <param name="props">The node's actor for an incarnation's number, which grows from life to life of the process
    /// too.</param>
    public static async Task RunAsync(
        ControlEndpoint endpoint, NodeEnvironment environment, Func<long, Props> props, string name, Task end,
            CancellationToken stop)
    {
        if (environment.Shared is { } shared)
        {
            await RunWithinAsync(shared, props, end, stop).ConfigureAwait(false);
            return;
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        IActorRef? actor = null;
        var incarnation = 0L;
        var lives = new Incarnations(
            _ =>
            {
                var system = environment.Start(endpoint);
                incarnation = NextIncarnation(incarnation, DateTimeOffset.UtcNow);
                actor = system.ActorOf(props(incarnation), name);
                return system;
            },
            (_, reason) => environment.Report(new Warned(ControlReason.StartsAgain(reason))));
        var running = lives.RunAsync(over.Token);
        await Task.WhenAny(end, running, Task.Delay(Timeout.Infinite, over.Token)).ConfigureAwait(false);
        if (actor is not null) await LeaveAsync(actor).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    // In one process nothing can come between a node and its coordinator: it has one life.
    private static async Task RunWithinAsync(ActorSystem system, Func<long, Props> props, Task end,
        CancellationToken stop)
    {
        var actor = system.ActorOf(props(NextIncarnation(0, DateTimeOffset.UtcNow)));
        await Task.WhenAny(end, system.WhenTerminated, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        await LeaveAsync(actor).ConfigureAwait(false);
    }

    /// <summary>The time, so that a new process is above its predecessor; and above the one before in this process,
    /// though the clock went back.</summary>
    internal static long NextIncarnation(long before, DateTimeOffset now) =>
        Math.Max(before + 1, now.ToUnixTimeMilliseconds());

    private static async Task LeaveAsync(IActorRef actor)
    {
        try
        {
            await actor.Ask<NodeLeaves>(new NodeLeaves(), LeaveWait).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // The coordinator will notice on its own.
        }
    }
}
