using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Tests.Running;

/// <summary>Nodes that remember what they were started with and do what a test says.</summary>
internal sealed class ScriptedNodes : INodes
{
    public object? Started { get; private set; }
    public NodeContext? Context { get; private set; }
    public Func<NodeContext, CancellationToken, Task<ExitCode>> Script { get; init; } = (_, _) =>
        Task.FromResult(ExitCode.Success);
    public ScriptedCoordinator Coordinator { get; init; } = new();

    public Task<ExitCode> RunCoordinator(CoordinatorSettings settings, NodeContext context, CancellationToken stop) =>
        Start(settings, context, stop);

    public Task<ExitCode> RunDestination(DestinationSettings settings, NodeContext context, CancellationToken stop) =>
        Start(settings, context, stop);

    /// <summary>What <see cref="MakeRoot"/> was asked for.</summary>
    public DestinationSettings? MadeRoot { get; private set; }

    public Task MakeRoot(DestinationSettings settings, NodeSecurity security)
    {
        MadeRoot = settings;
        return Task.CompletedTask;
    }

    public Task<ExitCode> RunOrigin(OriginSettings settings, NodeContext context, CancellationToken stop) =>
        Start(settings, context, stop);

    public Task<ExitCode> RunCopy(CopySettings settings, NodeContext context, CancellationToken stop) =>
        Start(settings, context, stop);

    public ICoordinator Reach(NodeAddress coordinator, NodeContext context)
    {
        (Started, Context) = (coordinator, context);
        return Coordinator;
    }

    public void MakeKey(string file) => Started = file;

    private Task<ExitCode> Start(object settings, NodeContext context, CancellationToken stop)
    {
        (Started, Context) = (settings, context);
        return Script(context, stop);
    }
}
