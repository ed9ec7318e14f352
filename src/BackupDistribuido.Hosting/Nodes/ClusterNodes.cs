using Akka.Configuration;
using Akka.Event;
using Akka.Hosting.Logging;
using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Client;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Hosting.Logging;
using BackupDistribuido.Hosting.Notices;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>The real nodes: actors over Akka.Remote, data over separate links.</summary>
public sealed class ClusterNodes : INodes
{
    public async Task<ExitCode> RunCoordinator(CoordinatorSettings settings, NodeContext context,
        CancellationToken stop)
    {
        var metrics = new MetricsFeed(TimeProvider.System);
        var events = new CoordinatorEvents(context.Report, metrics);
        await using var journal = CoordinatorRecord.Open(settings.Record, events.Report);
        if (journal is not null) metrics.Remember(await CoordinatorRecord.LastRuns(journal).ConfigureAwait(false));
        await using var notices = settings.Notices is { } wanted
            ? new NoticeDispatcher(wanted, TimeProvider.System, why => events.ReportHere(new Warned(why))) : null;
        (events.Record, events.Notices) = (journal, notices);
        var earlier = await CoordinatorRecord.LastEvents(journal, NodeState.MostEvents).ConfigureAwait(false);
        await Explained(() =>
            CoordinatorNode.RunAsync(settings, Environment(context with { Report = events.Report }), stop, Beside,
                journal)).ConfigureAwait(false);
        return ExitCode.Success;

        async Task<IAsyncDisposable?> Beside(LocalCoordinator coordinator)
        {
            var pages = await Pages(coordinator).ConfigureAwait(false);
            return new BesideCoordinator(pages,
                new ProtectionRounds(coordinator.StatusAsync, settings.Notices?.MaxAge, events.Report,
                    TimeProvider.System));
        }

        async Task<IAsyncDisposable?> Pages(LocalCoordinator coordinator)
        {
            if (!NodePages.AreWanted(context.Pages, NodeRole.Coordinator))
            {
                events.Open(null);
                return null;
            }
            var feed = new NodeFeed(NodeRole.Coordinator, "", TimeProvider.System, new CoordinatorPages(coordinator));
            feed.Recall(earlier);
            events.Open(feed);
            var endpoints = new OperatorEndpoints(coordinator.StatusAsync, metrics, context.Pages.MetricsKey);
            return await NodePages.Open(NodeRole.Coordinator, context.OfPages, feed, stop, endpoints.Map)
                .ConfigureAwait(false);
        }
    }

    public async Task<ExitCode> RunDestination(DestinationSettings settings, NodeContext context,
        CancellationToken stop)
    {
        await Explained(() => DestinationNode.RunAsync(settings, Environment(context), stop)).ConfigureAwait(false);
        return ExitCode.Success;
    }

    public Task MakeRoot(DestinationSettings settings, NodeSecurity security)
    {
        var context = new NodeContext(security, _ => { }, NullLoggerFactory.Instance, ConfigurationFactory.Empty);
        return Explained(() => DestinationNode.MakeRootAsync(settings, Environment(context), CancellationToken.None));
    }

    public async Task<ExitCode> RunOrigin(OriginSettings settings, NodeContext context, CancellationToken stop)
    {
        return RunExit.Of(await Explained(() => OriginNode.RunAsync(settings, Environment(context), stop))
            .ConfigureAwait(false));
    }

    public async Task<ExitCode> RunCopy(CopySettings settings, NodeContext context, CancellationToken stop)
    {
        return RunExit.Of(await Explained(() => CopyNodes.RunAsync(settings, Environment(context), stop))
            .ConfigureAwait(false));
    }

    public ICoordinator Reach(NodeAddress coordinator, NodeContext context) =>
        new RemoteCoordinator(new CoordinatorClient(coordinator, Environment(context)));

    public void MakeKey(string file)
    {
        using var key = ClusterKey.Generate();
        try
        {
            key.Save(file);
        }
        catch (ClusterKeyException e)
        {
            throw new CommandFailure(ExitCode.Usage, Reason.Of(e));
        }
    }

    private sealed class BesideCoordinator(IAsyncDisposable? page, ProtectionRounds rounds) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await rounds.DisposeAsync().ConfigureAwait(false);
            if (page is not null) await page.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static NodeEnvironment Environment(NodeContext context)
    {
        var logging = ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = INFO
              stdout-loglevel = OFF
              loggers = ["{{typeof(OperatorLog).AssemblyQualifiedName}}"]
              logger-formatter = "{{typeof(SemanticLogMessageFormatter).AssemblyQualifiedName}}"
            }
            """);
        return new NodeEnvironment(Key(context.Security), context.Security is NodeSecurity.Insecure, context.Report,
            context.AkkaOverrides.WithFallback(logging), [new LoggerFactorySetup(context.Loggers)]);
    }

    private static ClusterKey? Key(NodeSecurity security)
    {
        try
        {
            return security is NodeSecurity.KeyFile file
                ? ClusterKey.Load(file.Path, System.Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY")) : null;
        }
        catch (ClusterKeyException e)
        {
            throw new CommandFailure(ExitCode.Usage, Reason.Of(e));
        }
    }

    private static async Task<T> Explained<T>(Func<Task<T>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (NodeException e)
        {
            throw new CommandFailure(e.Code, e.Reason);
        }
    }

    private static Task<bool> Explained(Func<Task> run) => Explained(async () =>
    {
        await run().ConfigureAwait(false);
        return true;
    });
}
