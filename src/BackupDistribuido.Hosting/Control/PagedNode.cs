using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Web.Control;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Hosting.Control;

/// <summary>How a node with pages begins.</summary>
/// <param name="Setup">What its form shows first.</param>
/// <param name="Connects">Whether it connects automatically, if it has a folder.</param>
/// <param name="Roots">Folders below which one may be chosen; none: <see cref="PageFolders.Usual"/>.</param>
/// <param name="Confined">The folder that a confined process may write to; null: it is not confined.</param>
public sealed record PagedStart(NodeSetup Setup, bool Connects, IReadOnlyList<string> Roots, string? Confined);

/// <summary>Runs an origin or a destination with pages until it is asked to stop; the exit code is that of its last
/// run.</summary>
public static class PagedNode
{
    /// <summary>Runs an origin.</summary>
    /// <exception cref="CommandFailure">There can be no pages, with the reason.</exception>
    public static Task<ExitCode> RunOriginAsync(INodes nodes, INodeChoices<OriginSettings> choices, PagedStart start,
        NodeContext context, CancellationToken stop)
    {
        var control = new OriginControl();
        return RunAsync(NodeRole.Origin, reported => new PagedOrigin(nodes, choices, reported, control),
            new OriginPages(control), start, context, stop);
    }

    /// <summary>Runs a destination.</summary>
    /// <exception cref="CommandFailure">There can be no pages, with the reason.</exception>
    public static Task<ExitCode> RunDestinationAsync(INodes nodes, INodeChoices<DestinationSettings> choices,
        PagedStart start, NodeContext context, CancellationToken stop) =>
        RunAsync(NodeRole.Destination, reported => new PagedDestination(nodes, choices, reported),
            new OriginPages(null), start, context, stop);

    private static async Task<ExitCode> RunAsync(NodeRole role, Func<NodeContext, IPagedNode> kind, OriginPages queries,
        PagedStart start, NodeContext context, CancellationToken stop)
    {
        PageControl? control = null;
        var folders = new PageFolders(start.Roots is { Count: > 0 } given ? given : PageFolders.Usual);
        var why = start.Confined is null ? null : SettingReason.Confined(start.Confined);
        var setup = start.Setup;
        await using var controlled = control =
            new PageControl(kind(context with { Report = Both }), setup, folders, why, stop);
        await using var feed = controlled.Feed =
            new NodeFeed(role, setup.Name, TimeProvider.System, queries) { Control = controlled };
        await using var server = await NodePages.Open(role, context.OfPages, feed, stop).ConfigureAwait(false)
            ?? throw CommandFailure.Usage("there is no free port for the pages; give --ui HOST:PORT");
        if (setup.Folder.Length > 0 && start.Connects) await controlled.ConnectAsync(setup).ConfigureAwait(false);
        if (controlled.Current.Problem is { } problem) context.Report(new Warned(problem));
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(static _ => { }, TaskScheduler.Default)
            .ConfigureAwait(false);
        await controlled.StopAsync().ConfigureAwait(false);
        return controlled.Last;

        void Both(NodeEvent happened)
        {
            control?.Feed.Report(happened);
            context.Report(happened);
        }
    }
}
