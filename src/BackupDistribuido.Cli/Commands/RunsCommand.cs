using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output.Answers;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist runs</c>: the newest runs of a coordinator's record.</summary>
internal static class RunsCommand
{
    private const int UsualRuns = 20;

    public static Command Build(CommandHost host) =>
        new Symbols("runs", "List the latest runs, newest first.")
            .Options(Settings.QueryOrigin)
            .Option(Settings.QueryLimit, "how many runs to show (default 20)")
            .Options(Settings.Coordinator)
            .ToCommand(flags => CoordinatorQuery.Run(host, "runs", flags, async (query, coordinator, stop) =>
            {
                var configuration = query.Configuration;
                var answer = await coordinator.Runs(configuration.GetOrNull(Settings.QueryOrigin),
                    configuration.GetOrNull(Settings.QueryLimit) ?? UsualRuns, stop);
                if (answer.Problem is { } problem) throw CommandFailure.Usage($"the coordinator can't say: {problem}");
                await query.Print(query.IsJson
                    ? HistoryJson.Runs(answer, DateTimeOffset.UtcNow)
                    : HistoryText.Runs(answer, DateTimeOffset.UtcNow));
                return ExitCode.Success;
            }));
}
