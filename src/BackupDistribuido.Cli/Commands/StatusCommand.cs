using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output.Answers;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Cli.Commands;

/// <summary>
/// <c>bdist status</c>: what a coordinator knows. Exit code 0 if everything is protected, 5 if something is not.
/// </summary>
internal static class StatusCommand
{
    private const string ClearScreen = "\e[H\e[J";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static Command Build(CommandHost host) =>
        new Symbols("status",
            "Show connected machines, protected snapshots and runs; exit code 5 if anything is at risk.")
            .Options(Settings.Coordinator, Settings.QueryWatch)
            .ToCommand(flags => CoordinatorQuery.Run(host, "status", flags, Run));

    private static async Task<ExitCode> Run(CoordinatorQuery query, ICoordinator coordinator, CancellationToken stop)
    {
        var code = await Show(query, coordinator, "", stop);
        while (query.Configuration.Get(Settings.QueryWatch))
        {
            await Task.Delay(Pause, stop);
            try
            {
                code = await Show(query, coordinator, query.IsJson ? "" : query.IsTerminal ? ClearScreen : "\n", stop);
            }
            catch (CommandFailure failure)
            {
                // It was there: it may come back.
                query.Say(failure.Message);
            }
        }
        return code;
    }

    private static async Task<ExitCode> Show(CoordinatorQuery query, ICoordinator coordinator, string before,
        CancellationToken stop)
    {
        var (status, now) = (await coordinator.Status(stop), DateTimeOffset.UtcNow);
        await query.Print(query.IsJson ? StatusDocument.Render(status, now) + "\n" : StatusText.Render(status, now),
            before);
        return RunExit.Of(status);
    }
}
