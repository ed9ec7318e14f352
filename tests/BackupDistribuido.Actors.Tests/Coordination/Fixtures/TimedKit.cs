using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Tests.Coordination.Fixtures;

/// <summary>
/// Actors on a time that a test moves. Each message is worked off before <c>Tell</c> returns; nothing happens by
/// itself, and whoever waits for a message moves the time until it comes.
/// </summary>
public abstract class TimedKit : TestKit
{
    private const string Here = "akka.test.calling-thread-dispatcher";

    /// <summary>How much time is waited for a message.</summary>
    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long it is really waited before a test fails: the event stream watches its subscribers from a thread of its
    /// own, which works off what comes meanwhile.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected TimedKit() : base($$"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.scheduler.implementation = "{{typeof(HandScheduler).AssemblyQualifiedName}}"
        akka.actor.deployment { "/*/*" { dispatcher = {{Here}} } }
        """) => Clock = ((HandScheduler)Sys.Scheduler).Clock;

    /// <summary>The time, also that of all timers.</summary>
    internal HandClock Clock { get; }

    /// <summary>An actor that works, as its children do, on the thread of whoever tells it something.</summary>
    protected IActorRef Start(Props props, string? name = null) => ActorOfAsTestActorRef<ActorBase>(props, name);

    /// <summary>The same; <paramref name="parent"/> hears what it tells its parent.</summary>
    protected IActorRef Start(Props props, TestProbe parent) => ActorOfAsTestActorRef<ActorBase>(props, parent.Ref);

    /// <summary>
    /// A run of an origin that registered so; <paramref name="parent"/> hears what it tells its coordinator.
    /// </summary>
    internal IActorRef StartRun(RunState state, OriginRegistration registration, TestProbe origin, RunWaits waits,
        Action<NodeEvent>? report = null, IJournal? journal = null, TestProbe? parent = null)
    {
        var beginning = new RunStart(state, registration, waits, IsRecorded: journal is not null);
        var (root, services) = (origin.Ref, new RunServices(report ?? (_ => { }), Clock, journal));
        var props = Props.Create(() => new RunActor(beginning, root, services));
        return parent is null ? Start(props) : Start(props, parent);
    }

    /// <summary>Waits for a message; others are ignored.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    protected T Hear<T>(TestProbe probe, Predicate<T> isIt, TimeSpan within)
    {
        for (var left = within; ; left -= Step)
        {
            while (probe.HasMessages)
            {
                if (probe.ReceiveOne(TimeSpan.Zero) is T heard && isIt(heard)) return heard;
            }
            if (left <= TimeSpan.Zero) break;
            Clock.Advance(Step);
        }
        while (probe.ReceiveOne(Patience) is { } late)
        {
            if (late is T heard && isIt(heard)) return heard;
        }
        throw new TimeoutException($"no such {typeof(T).Name} within {within}");
    }

    /// <summary>Waits for a message, which must be the next one.</summary>
    protected T Next<T>(TestProbe probe, TimeSpan within)
    {
        for (var left = within; !probe.HasMessages && left > TimeSpan.Zero; left -= Step) Clock.Advance(Step);
        return Assert.IsType<T>(probe.ReceiveOne(Patience));
    }

    /// <summary>All that comes in that time.</summary>
    protected IReadOnlyList<object> HearAll(TestProbe probe, TimeSpan time)
    {
        Clock.Advance(time);
        var heard = new List<object>();
        while (probe.HasMessages) heard.Add(probe.ReceiveOne(TimeSpan.Zero));
        return heard;
    }

    /// <summary>Waits until it is so.</summary>
    protected void Soon(Action isSo, TimeSpan within)
    {
        for (var left = within; left > TimeSpan.Zero; left -= Step)
        {
            try
            {
                isSo();
                return;
            }
            catch (Xunit.Sdk.XunitException)
            {
                Clock.Advance(Step);
            }
        }
        isSo();
    }

    /// <summary>Waits until an actor has ended.</summary>
    protected void Ends(IActorRef actor, Action before, TimeSpan within)
    {
        var probe = CreateTestProbe();
        probe.Watch(actor);
        before();
        Hear<Terminated>(probe, one => one.ActorRef.Equals(actor), within);
    }

    /// <summary>A node's actor ends, and whoever watches it hears that.</summary>
    protected static void Stop(TestProbe node) => node.Ref.Tell(PoisonPill.Instance);
}
