using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>
/// A whole cluster in one process: a coordinator, a destination for each folder, and an origin, all actors of one
/// ActorSystem, with links within the process. Nothing outside reaches any of them. It ends with the origin.
/// </summary>
internal static class CopyNodes
{
    private static readonly NodeAddress AnyPort = NodeAddress.Parse("127.0.0.1:0");
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a destination takes to close its files; one whose disk hangs does not keep the rest from
    /// ending.</summary>
    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(40);

    /// <summary>Runs it.</summary>
    /// <exception cref="NodeException">A folder is refused, or the run did not come about.</exception>
    public static async Task<RunSummary> RunAsync(CopySettings settings, NodeEnvironment environment,
        CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // The coordinator goes last: the others take their leave of it.
        using var allLeft = new CancellationTokenSource();
        var cluster = environment.WithinProcess(out var system);
        var coordinator = CoordinatorNode.RunAsync(new CoordinatorSettings(AnyPort, settings.RejoinWait),
            cluster with { Report = _ => { } }, allLeft.Token);
        var others = new List<Task>();
        var roots = new CopyRoots(settings.Destinations, environment.Report);
        try
        {
            foreach (var destination in settings.Destinations)
            {
                var node = new DestinationSettings(destination.Root, destination.Name, AnyPort)
                {
                    Opening = settings.Roots,
                    Listen = AnyPort,
                };
                others.Add(roots.RunAsync(destination,
                    () => DestinationNode.RunAsync(node, cluster with { Report = OnDestination }, over.Token)));
            }
            // Every destination that is connected and can hold the tree gets it.
            var origin = OriginNode.RunAsync(
                new OriginSettings(settings.Name, AnyPort, settings.Tree, settings.Goal)
                {
                    StartWith = 1,
                    Wait = settings.Wait ?? DefaultWait,
                    ReportFiles = settings.ReportFiles,
                    Control = roots.Control,
                },
                cluster with { Report = OnOrigin }, over.Token);
            var failed = Failed<RunSummary>([coordinator, roots.Nobody, .. others]);
            others.Add(origin);
            return roots.Complete(await await Task.WhenAny(origin, failed).ConfigureAwait(false));
        }
        catch (NodeException why)
        {
            throw roots.Explain(why);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Ended(others).ConfigureAwait(false);
            await allLeft.CancelAsync().ConfigureAwait(false);
            await Ended([coordinator]).ConfigureAwait(false);
            await Incarnations.EndAsync(system).ConfigureAwait(false);
        }

        void OnOrigin(NodeEvent happened)
        {
            // Users can't reach this coordinator, so its address is not shown.
            if (happened is RunFinished finished)
                environment.Report(finished with { Summary = roots.Complete(finished.Summary) });
            else if (happened is not Connected) environment.Report(happened);
        }

        void OnDestination(NodeEvent happened)
        {
            // The user sees the origin's events; a destination adds those that only it has.
            if (happened is Warned or ReplicaPublished or SnapshotsRemoved) environment.Report(happened);
        }
    }

    private static Task Ended(IEnumerable<Task> nodes) =>
        Task.WhenAny(Task.WhenAll(nodes.Select(task => task.ContinueWith(static _ => { }, TaskScheduler.Default))),
            Task.Delay(EndWait));

    /// <summary>Fails with the first of the nodes that fails; otherwise never ends.</summary>
    private static async Task<T> Failed<T>(params Task[] nodes)
    {
        var running = nodes.ToList();
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running).ConfigureAwait(false);
            await ended.ConfigureAwait(false);
            running.Remove(ended);
        }
        return await new TaskCompletionSource<T>().Task.ConfigureAwait(false);
    }
}
