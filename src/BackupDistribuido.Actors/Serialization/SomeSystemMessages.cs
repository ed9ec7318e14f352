using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>Of Akka's system messages the three of DeathWatch. Without it a peer could suspend, restart or stop any
/// actor.</summary>
public sealed class SomeSystemMessages(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private readonly SystemMessageSerializer _akkas = new(system);
    private readonly RefusedMessages _refused = new(system);

    /// <inheritdoc/>
    public override int Identifier => 22;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        Watch => "watch",
        Unwatch => "unwatch",
        DeathWatchNotification => "died",
        _ => throw _refused.Outgoing(o),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        return _akkas.ToBinary(obj);
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => _akkas.FromBinary(bytes, manifest switch
    {
        "watch" => typeof(Watch),
        "unwatch" => typeof(Unwatch),
        "died" => typeof(DeathWatchNotification),
        _ => throw _refused.Incoming(manifest, "is nothing that a peer may do to an actor"),
    });
}
