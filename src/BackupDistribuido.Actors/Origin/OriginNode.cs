using Akka.Actor;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Greeting;

namespace BackupDistribuido.Actors.Origin;

/// <summary>An origin, from its start to the end of its run.</summary>
public static class OriginNode
{
    /// <summary>Runs it. Ends with the run, or when <paramref name="stop"/> is requested.</summary>
    /// <exception cref="NodeException">The source is refused, the name is in use, or there are not enough destinations
    /// in time.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop before the run's end.</exception>
    public static async Task<RunSummary> RunAsync(OriginSettings settings, NodeEnvironment environment,
        CancellationToken stop)
    {
        using var work = new OriginWork(settings, Open(settings), environment.Links, environment.Report,
            TimeProvider.System, stop);
        await using var listener = await ListenAsync(settings, work, environment, stop).ConfigureAwait(false);
        settings.Control?.Attach(work.Files);
        var identity = Machine.Place(work.Source.RealPath);
        var endpoint = ControlEndpoint.ForNode(settings.Coordinator, environment.Key);
        await NodeLife.RunAsync(endpoint, environment, incarnation =>
        {
            var node = new NodeIdentity(settings.Name, identity, incarnation);
            return Props.Create(() => new OriginActor(work, node, environment.CoordinatorActor));
        }, "origin", work.End, stop).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        var summary = await work.End.ConfigureAwait(false);
        work.Remember(summary.Snapshot);
        return summary;
    }

    /// <summary>
    /// Only destinations of its own plans get past their first line. If no address was configured and none is
    /// available, the origin works without one.
    /// </summary>
    private static async Task<LinkListener?> ListenAsync(OriginSettings settings, OriginWork work,
        NodeEnvironment environment, CancellationToken stop)
    {
        // Within one process every destination can be dialled.
        if (environment.Shared is not null) return null;
        var reception = new LinkReception(_ => Admission.Refused(ErrorCode.Order, LinkReason.OriginTakesNothing),
            link => link.Connection.Dispose(), new RefusedLinks(environment.Report).Say)
        { AdmitCall = work.Calls.Admit, Called = work.Calls.Called };
        try
        {
            var listener = await DataPort.OpenAsync(settings.Listen, settings.Coordinator, 0, reception, environment,
                stop).ConfigureAwait(false);
            work.Data = settings.Advertise
                ?? await DataPort.ReachedAsync(listener.Address, settings.Coordinator, stop).ConfigureAwait(false);
            return listener;
        }
        catch (NodeException) when (settings.Listen is null)
        {
            return null;
        }
    }

    private static SourceTree Open(OriginSettings settings)
    {
        try
        {
            return SourceTree.Open(settings.Tree.Source, settings.Tree.Rules);
        }
        catch (SourceRefusedException refusal)
        {
            throw new NodeException(ExitCode.Usage, refusal.Reason, refusal);
        }
    }
}
