using System.Collections.Concurrent;
using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Tests.Remoting;

/// <summary>Real ActorSystems over loopback: a coordinator, and the nodes that a test starts.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<ActorSystem> _systems = [];

    private TestCluster(SecuredListener listener, ClusterKey? key, PendingConnectionLimits limits, TimeProvider clock)
    {
        Endpoint = listener.LocalEndPoint;
        Coordinator = Start("coordinator", ControlEndpoint.ForCoordinator(listener, key, limits, clock));
    }

    public ActorSystem Coordinator { get; }

    public IPEndPoint Endpoint { get; }

    public ConcurrentQueue<string> Logs { get; } = [];

    public static TestCluster Of(ClusterKey? key = null, IPEndPoint? at = null,
        PendingConnectionLimits? limits = null, TimeProvider? clock = null) =>
        new(SecuredListener.Bind(at ?? new IPEndPoint(IPAddress.Loopback, 0)), key,
            limits ?? new PendingConnectionLimits(CarrierHandshake.Deadline), clock ?? TimeProvider.System);

    public ActorSystem Node(ClusterKey? key = null, string host = "127.0.0.1") =>
        Start("node", ControlEndpoint.ForNode(NodeAddress.Parse($"{host}:{Endpoint.Port}"), key));

    /// <summary>A peer with the right key and transport, but with Akka's own serializers and no guard.</summary>
    public ActorSystem Stranger(ClusterKey? key = null)
    {
        var system = ActorSystem.Create(ControlAddress.SystemName, BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString($$"""
            akka {
              actor.provider = remote
              remote.enabled-transports = ["akka.remote.control"]
              remote.control.transport-class = "{{typeof(ControlTransport).FullName}}, {{typeof(ControlTransport).Assembly.GetName().Name}}"
              coordinated-shutdown.run-by-actor-system-terminate = off
              log-dead-letters = off
              stdout-loglevel = off
              loggers = []
            }
            """)).And(ControlEndpoint.ForNode(NodeAddress.Of(System.Net.IPAddress.Loopback, Endpoint.Port), key)));
        _systems.Add(system);
        return system;
    }

    public ActorSystem Start(string name, ControlEndpoint endpoint)
    {
        var system = RemotingConfig.Start(endpoint, TestTable.Messages,
            "akka { loglevel = INFO, loggers = [], stdout-loglevel = off }");
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() =>
            new LogTap(line => Logs.Enqueue($"{name} {line}")))), typeof(LogEvent));
        _systems.Add(system);
        return system;
    }

    public Task LoggedAsync(string part) =>
        Until.TrueAsync(() => Logs.Any(l => l.Contains(part, StringComparison.Ordinal)),
            () => $"no log has '{part}':\n{string.Join('\n', Logs)}");

    public async ValueTask DisposeAsync() => await Task.WhenAll(_systems.Select(s => s.Terminate())).WaitAsync(Bound);

    private sealed class LogTap : ReceiveActor
    {
        public LogTap(Action<string> say) => Receive<LogEvent>(e =>
        {
            if (!RemotingLogFilter.IsChatter(e)) say($"{e.LogLevel()} {e.Message} {e.Cause}");
        });
    }
}
