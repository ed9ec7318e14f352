using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Commands;

/// <summary>A command that asks a coordinator and prints the answer.</summary>
internal sealed class CoordinatorQuery(CommandHost host, string command, NodeConfiguration configuration)
{
    /// <summary>The command's settings.</summary>
    public NodeConfiguration Configuration { get; } = configuration;

    /// <summary>The clock for time limits.</summary>
    public TimeProvider Clock => host.Environment.Clock;

    /// <summary>Whether it prints JSON.</summary>
    public bool IsJson { get; } = configuration.Get(Settings.Output) == OutputMode.Json;

    /// <summary>Whether standard output is a terminal that can be cleared.</summary>
    public bool IsTerminal => host.Environment.LiveConsole is not null;

    /// <summary>Runs a command whose line says <paramref name="flags"/>.</summary>
    public static Task<int> Run(
        CommandHost host, string command, Flags flags,
            Func<CoordinatorQuery, ICoordinator, CancellationToken, Task<ExitCode>> ask)
    {
        var query = new CoordinatorQuery(host, command, new NodeConfiguration(flags, "query"));
        var address = query.Configuration.Get(Settings.Coordinator);
        return host.Run(new NodeLaunch(NodeRole.Coordinator, command, null, query.Configuration, [address],
            Live: false), async (nodes, context, stop) =>
        {
            await using var coordinator = nodes.Reach(address, context);
            return await ask(query, coordinator, stop);
        });
    }

    /// <summary>Prints it at once, without anything in it that moves a terminal, which <paramref name="before"/>
    /// may.</summary>
    public async Task Print(string text, string before = "")
    {
        await host.Environment.Out.WriteAsync((before + (IsJson ? HarmlessText.OfJson(text) : HarmlessText.Of(text)))
            .AsMemory(), CancellationToken.None);
        await host.Environment.Out.FlushAsync(CancellationToken.None);
    }

    /// <summary>Writes a message that is not part of the answer to standard error.</summary>
    public void Say(string text) => host.Environment.Error.WriteLine($"bdist {command}: {text}");
}
