using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Web.Control;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Cli.Pages;

/// <summary>Runs an origin or a destination with pages: the process stays until it is stopped, and its exit code is
/// that of its last run.</summary>
internal static class PagedCommand
{
    /// <summary>Whether a command line wants pages for such a node.</summary>
    public static bool IsWanted(Flags flags, string role) =>
        new NodeConfiguration(flags, role).Get(Settings.Ui) is UiChoice.On or UiChoice.At;

    /// <summary>Runs it. It connects by itself where it was told on the command line what to do, and a destination also
    /// where that was chosen before.</summary>
    /// <param name="confined">The folder that a confined process may write to; null: it is not confined.</param>
    public static async Task<ExitCode> Run(NodeRole role, CommandHost host, Flags flags, KeptChoices kept,
        string? confined, NodeContext context, CancellationToken stop)
    {
        var configuration = new NodeConfiguration(flags, role == NodeRole.Origin ? "origin" : "destination");
        var origin = new OriginControl();
        PageControl? control = null;
        var reported = context with { Report = Both };
        IPagedNode kind = role == NodeRole.Origin
            ? new PagedOrigin(host, flags, reported, origin) : new PagedDestination(host, flags, reported);
        var roots = configuration.GetList(Settings.UiRoots) is { Count: > 0 } given ? given : PageFolders.Usual;
        var why = confined is null ? null : $"This process can write to {confined} only (Landlock); start it with another --root for another folder.";
        var setup = First(role, flags, configuration);
        await using var controlled = control = new PageControl(kind, setup, kept, new PageFolders(roots), why, stop);
        await using var feed = controlled.Feed = new NodeFeed(role, setup.Name, TimeProvider.System,
            new OriginPages(role == NodeRole.Origin ? origin : null))
        { Control = controlled };
        await using var server = await NodePages.Open(role, context.OfPages, feed, stop).ConfigureAwait(false)
            ?? throw CommandFailure.Usage("there is no free port for the pages; give --ui HOST:PORT");
        if (setup.Folder.Length > 0 && (role == NodeRole.Destination || flags.TryGet(Settings.Source, out _)))
            await controlled.ConnectAsync(setup).ConfigureAwait(false);
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

    private static NodeSetup First(NodeRole role, Flags flags, NodeConfiguration configuration)
    {
        var (folder, name) = role == NodeRole.Origin
            ? (Settings.Source, Settings.OriginName) : (Settings.Root, Settings.DestinationName);
        return new NodeSetup(configuration.Find(folder) is { } path ? Path.GetFullPath(path) : "",
            configuration.GetOrNull(name)?.ToString() ?? "",
            configuration.Get(Settings.Coordinator).ToString(), role == NodeRole.Origin
                ? configuration.Get(Settings.Copies) : 1,
            // Who names the tree on the command line wants it copied.
            StartWhenReady: role == NodeRole.Destination || flags.TryGet(Settings.Source, out _)
                || configuration.Get(Settings.StartWhenReady));
    }
}
