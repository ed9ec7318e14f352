using System.CommandLine;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output.Answers;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.History;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist snapshots</c>: all snapshots, their holders, and the result of re-reading.</summary>
internal static class SnapshotsCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("snapshots", "List all snapshots with their holders and the result of re-reading, newest first.")
            .Argument(Settings.QueryOrigin, "ORIGIN")
            .Options(Settings.QueryOrigin)
            .Option(Settings.QueryLimit, "how many snapshots to show (default: all)")
            .Options(Settings.Coordinator)
            .ToCommand(flags => CoordinatorQuery.Run(host, "snapshots", flags, Run));

    private static async Task<ExitCode> Run(CoordinatorQuery query, ICoordinator coordinator, CancellationToken stop)
    {
        var limit = query.Configuration.GetOrNull(Settings.QueryLimit);
        var (all, listing) = await All(query, coordinator, limit, stop);
        var shown = limit is { } most ? all[..Math.Min(most, all.Count)] : all;
        var now = DateTimeOffset.UtcNow;
        await query.Print(
            query.IsJson ? HistoryJson.Snapshots(shown, listing, now) : HistoryText.Snapshots(shown, now));
        foreach (var sentence in query.IsJson ? [] : HistoryText.NotListed(listing)) query.Say(sentence);
        return ExitCode.Success;
    }

    private static async Task<(List<SnapshotHistory> All, SnapshotListing? Listing)> All(
        CoordinatorQuery query, ICoordinator coordinator, int? limit, CancellationToken stop)
    {
        var all = new List<SnapshotHistory>();
        var origin = query.Configuration.GetOrNull(Settings.QueryOrigin);
        CatalogueCursor? after = null;
        while (true)
        {
            var answer = await coordinator.Snapshots(origin, limit ?? AskSnapshots.MostAnswered, after, stop);
            if (answer.Problem is { } problem) throw CommandFailure.Usage($"the coordinator can't say: {problem}");
            all.AddRange(answer.Snapshots);
            // A coordinator that repeats its answer would be asked for ever.
            if (answer.Listing?.Next is not { } next || next == after || all.Count >= limit)
                return (all, answer.Listing);
            after = next;
        }
    }
}
