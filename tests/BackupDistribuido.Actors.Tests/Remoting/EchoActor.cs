using Akka.Actor;

namespace BackupDistribuido.Actors.Tests.Remoting;

/// <summary>Answers a Ping; remembers everything else that it was told.</summary>
internal sealed class EchoActor : UntypedActor
{
    private readonly Action<object> _told;

    public EchoActor(Action<object> told) => _told = told;

    public static Props Props(Action<object>? told = null)
    {
        Action<object> listener = told ?? (_ => { });
        return Akka.Actor.Props.Create(() => new EchoActor(listener));
    }

    protected override void PreStart()
    {
        if (Self.Path.Name == "coordinator") Context.ActorOf(Props(_told), "child");
    }

    protected override void OnReceive(object message)
    {
        if (message is Ping ping) Sender.Tell(new Pong($"{Self.Path.Name}: {ping.Text}"));
        else _told(message);
    }
}
