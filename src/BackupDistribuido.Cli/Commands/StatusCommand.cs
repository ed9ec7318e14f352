using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist status</c>: what a coordinator knows.</summary>
internal static class StatusCommand
{
    public static Command Build(CommandHost host) =>
        new Symbols("status", "Say who is connected, what is protected and what runs.")
            .Options(Settings.Coordinator)
            .ToCommand(flags => Run(host, flags));

    private static Task<int> Run(CommandHost host, Flags flags)
    {
        var configuration = new NodeConfiguration(flags);
        var coordinator = configuration.Get(Settings.Coordinator);
        var json = configuration.Get(Settings.Output) == OutputMode.Json;
        return host.Run(new NodeLaunch(NodeRole.Coordinator, "status", null, configuration, [coordinator], Live: false),
            async (nodes, context, stop) =>
            {
                var status = await nodes.Status(coordinator, context, stop);
                var text = json ? StatusDocument.Render(status, DateTimeOffset.UtcNow) + "\n" : StatusText.Render(status, DateTimeOffset.UtcNow);
                await host.Environment.Out.WriteAsync(text.AsMemory(), CancellationToken.None);
                await host.Environment.Out.FlushAsync(CancellationToken.None);
                return ExitCode.Success;
            });
    }
}
