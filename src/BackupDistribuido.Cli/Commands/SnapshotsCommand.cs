using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output.Answers;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist snapshots</c>: the newest snapshots and who has them.</summary>
internal static class SnapshotsCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("snapshots", "List the newest snapshots and who has them, the last one first.")
            .Options(Settings.QueryOrigin, Settings.QueryLimit, Settings.Coordinator)
            .ToCommand(flags => CoordinatorQuery.Run(host, "snapshots", flags, async (query, coordinator, stop) =>
            {
                var configuration = query.Configuration;
                var answer = await coordinator.Snapshots(configuration.GetOrNull(Settings.QueryOrigin),
                    configuration.Get(Settings.QueryLimit), stop);
                if (answer.Problem is { } problem) throw CommandFailure.Usage($"the coordinator can't say: {problem}");
                await query.Print(query.IsJson
                    ? HistoryJson.Snapshots(answer.Snapshots, DateTimeOffset.UtcNow)
                    : HistoryText.Snapshots(answer.Snapshots, DateTimeOffset.UtcNow));
                return ExitCode.Success;
            }));
}
