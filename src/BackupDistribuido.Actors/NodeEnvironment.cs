using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Transfer;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Links.InProcess;

namespace BackupDistribuido.Actors;

/// <summary>What every node is started in.</summary>
/// <param name="Key">The cluster's key; null: plain, on loopback or by <paramref name="Insecure"/>.</param>
/// <param name="Insecure">The owner accepts a plain network beyond loopback.</param>
/// <param name="Report">Reports events to the owner; called from any thread, must not block.</param>
/// <param name="Akka">Configuration that comes before the built-in one: loggers, the owner's own settings.</param>
/// <param name="Setups">Setups of the ActorSystem, as a logger factory's.</param>
public sealed record NodeEnvironment(ClusterKey? Key, bool Insecure,
    Action<NodeEvent> Report, Config Akka, IReadOnlyList<Setup> Setups)
{
    /// <summary>The one system of a cluster that is within this process; null: each node has its own, and reaches the
    /// others over the network.</summary>
    internal ActorSystem? Shared { get; init; }

    /// <summary>The path by which a node selects the coordinator's actor.</summary>
    internal string CoordinatorActor =>
        Shared is null ? ControlAddress.CoordinatorActor : ControlAddress.CoordinatorPath;

    /// <summary>The links of that cluster; null: links go over sockets.</summary>
    internal ProcessLinks? Within { get; init; }

    /// <summary>How its nodes make links.</summary>
    internal ILinks Links => Within ?? (ILinks)new SocketLinks(Key);

    /// <summary>An ActorSystem that speaks with the other nodes through <paramref name="endpoint"/>.</summary>
    internal ActorSystem Start(ControlEndpoint endpoint) =>
        RemotingConfig.Start(endpoint, ProtocolMessages.Table, AkkaConfig, [.. Setups]);

    /// <summary>
    /// The same for the nodes of a cluster within this process: one system for all of them, to be ended by the caller.
    /// </summary>
    public NodeEnvironment WithinProcess(out ActorSystem system)
    {
        system = RemotingConfig.StartLocal(AkkaConfig, [.. Setups]);
        return this with { Shared = system, Within = new ProcessLinks() };
    }

    internal Config AkkaConfig => Akka.WithFallback(ConfigurationFactory.ParseString($$"""
        {{DiskDispatcher.Name}} { type = PinnedDispatcher }
        akka.streams.materializer.subscription-timeout.timeout = 30 s
        """));
}
