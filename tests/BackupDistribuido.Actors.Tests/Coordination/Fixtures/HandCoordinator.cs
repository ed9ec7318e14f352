using Akka.Actor;
using Akka.TestKit;

namespace BackupDistribuido.Actors.Tests.Coordination.Fixtures;

/// <summary>Stands where a node looks for its coordinator. It can go away and come back; the test hears and answers for
/// it.</summary>
internal sealed class HandCoordinator(TestKitBase kit)
{
    public const string Path = "/user/coordinator";
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private IActorRef? _there;

    public TestProbe Heard { get; } = kit.CreateTestProbe();

    public void Start()
    {
        var heard = Heard.Ref;
        _there = kit.Sys.ActorOf(Props.Create(() => new Ear(heard)), "coordinator");
    }

    public void Stop()
    {
        Heard.Watch(_there!);
        kit.Sys.Stop(_there!);
        Heard.FishForMessage<Terminated>(_ => true, Bound);
    }

    /// <summary>Waits for a message; moves the time until it comes, where the test does.</summary>
    public T Hear<T>(Predicate<T>? isIt = null) => kit is NodeKit timed
        ? timed.Hear(Heard, isIt ?? (_ => true)) : Heard.FishForMessage<T>(isIt ?? (_ => true), Bound);

    /// <summary>Waits for a message, for which no time has to go by.</summary>
    public T HearNow<T>(Predicate<T>? isIt = null) => kit is NodeKit timed
        ? timed.HearNow(Heard, isIt ?? (_ => true)) : Hear(isIt);

    private sealed class Ear : ReceiveActor
    {
        public Ear(IActorRef heard) => ReceiveAny(heard.Forward);
    }
}
