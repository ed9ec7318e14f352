using Akka.Actor;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>
/// Keeps one ActorSystem running, and replaces it when it was quarantined: by Akka's rules such a system can never
/// again talk with the other side, but a new one can at once. Anything that must outlive that (pages, logs, a ROOT's
/// lock) belongs to the caller.
/// </summary>
/// <param name="start">Starts the system of an incarnation, from 1, with its actors.</param>
/// <param name="report">Told why an incarnation ended in quarantine, before the next one starts.</param>
public sealed class Incarnations(Func<int, ActorSystem> start, Action<int, Reason> report)
{
    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs until a system ends on its own, or <paramref name="stop"/> is requested: then the system is ended, and this
    /// returns.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var number = 1; ; number++)
        {
            var system = start(number);
            var quarantined = new TaskCompletionSource<Reason>(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(Props.Create(() => new QuarantineWatch(reason => quarantined.TrySetResult(reason))),
                "quarantine-watch");
            var stopped = Task.Delay(Timeout.Infinite, stop);
            var first = await Task.WhenAny(quarantined.Task, system.WhenTerminated, stopped).ConfigureAwait(false);
            await EndAsync(system).ConfigureAwait(false);
            if (first != quarantined.Task || stop.IsCancellationRequested) return;
            report(number, await quarantined.Task.ConfigureAwait(false));
        }
    }

    /// <summary>Ends a system; one that takes longer than 5 s is left behind.</summary>
    public static Task EndAsync(ActorSystem system) =>
        Task.WhenAny(system.Terminate(), Task.Delay(EndWait, CancellationToken.None));
}
