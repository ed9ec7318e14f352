using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>The setup of every ActorSystem that takes part in a cluster. Everything that a peer could do harm with is
/// off; see <c>docs/adr/0002-guarding-remote-actors.md</c>.</summary>
public static class RemotingConfig
{
    /// <summary>How long the coordinator bears a node's silence: it is given up at most this and three seconds after it
    /// froze.</summary>
    public static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(5);

    /// <summary>Starts a system.</summary>
    /// <param name="endpoint">Where its control plane is; says whether it is the coordinator or a node.</param>
    /// <param name="messages">The messages that it speaks.</param>
    /// <param name="more">Configuration that comes before this one: loggers, dispatchers.</param>
    /// <param name="setups">Setups beside it, as a logger factory's.</param>
    public static ActorSystem Start(ControlEndpoint endpoint, MessageTable messages, Config? more = null,
        params Setup[] setups)
    {
        var trusted = endpoint.Listener is null ? "/system/remote-watcher" : ControlAddress.CoordinatorPath;
        var config = ConfigurationFactory.ParseString($"akka.remote.trusted-selection-paths = [\"{trusted}\"]")
            .WithFallback(ConfigurationFactory.ParseString(Common));
        var bootstrap = BootstrapSetup.Create().WithConfig(more is null ? config : more.WithFallback(config));
        var ours =
            ActorSystemSetup.Create(bootstrap, endpoint, messages, new LogFilterSetup([new RemotingLogFilter()]));
        return ActorSystem.Create(ControlAddress.SystemName, setups.Aggregate(ours, static (all, one) => all.And(one)));
    }

    /// <summary>
    /// Starts a system that does not communicate outside its process: the coordinator and all nodes are actors of it.
    /// </summary>
    /// <param name="more">Configuration that comes before the built-in one.</param>
    /// <param name="setups">Setups of the system, as a logger factory's.</param>
    public static ActorSystem StartLocal(Config more, params Setup[] setups)
    {
        var bootstrap = BootstrapSetup.Create().WithConfig(more.WithFallback(ConfigurationFactory.ParseString(Quiet)));
        var ours = ActorSystemSetup.Create(bootstrap, new LogFilterSetup([new RemotingLogFilter()]));
        return ActorSystem.Create(ControlAddress.SystemName, setups.Aggregate(ours, static (all, one) => all.And(one)));
    }

    // From outside, only the coordinator's heartbeats can be selected at a node. The daemon, proto, json and bytes
    // serializers are all replaced by the refusing one: what can't be built can't do harm. Timers here are tenths of a
    // second and more, or as soon as possible; Akka's 10 ms would be a hundred wake-ups per second in an idle node.
    private static string Common { get; } = $$"""
        akka {
          actor {
            provider = remote
            serializers {
              json = "{{NameOf<RefusingSerializer>()}}"
              bytes = "{{NameOf<RefusingSerializer>()}}"
              proto = "{{NameOf<RefusingSerializer>()}}"
              primitive = "{{NameOf<RefusingSerializer>()}}"
              daemon-create = "{{NameOf<RefusingSerializer>()}}"
              akka-misc = "{{NameOf<SomeMiscMessages>()}}"
              akka-system-msg = "{{NameOf<SomeSystemMessages>()}}"
              protocol = "{{NameOf<ProtocolSerializer>()}}"
            }
            serialization-bindings {
              "{{NameOf<IWireMessage>()}}" = protocol
            }
          }
          remote {
            enabled-transports = ["akka.remote.control"]
            control {
              transport-class = "{{NameOf<ControlTransport>()}}"
              applied-adapters = []
            }
            untrusted-mode = on
            use-passive-connections = on
            log-remote-lifecycle-events = off
            handshake-timeout = 5 s
            retry-gate-closed-for = 300 ms
            startup-timeout = 10 s
            shutdown-timeout = 3 s
            flush-wait-on-shutdown = 500 ms
            transport-failure-detector {
              heartbeat-interval = 2 s
              acceptable-heartbeat-pause = 20 s
            }
            watch-failure-detector {
              heartbeat-interval = 1 s
              acceptable-heartbeat-pause = {{WatchPause.TotalSeconds:0}} s
              unreachable-nodes-reaper-interval = 1 s
              expected-response-after = 1 s
            }
          }
          scheduler.tick-duration = 50 ms
        }
        {{Quiet}}
        """;

    // No CoordinatedShutdown at the end of the process: the hosts end their systems, bounded.
    private const string Quiet = """
        akka {
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
          }
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          log-serializer-override-on-start = off
        }
        """;

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
