using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>
/// Of the messages that Akka's own serializer of this place knows, the four that DeathWatch and selections need.
/// Without it a peer could send <c>Kill</c>, which even untrusted mode lets through, and failures of any exception
/// type.
/// </summary>
public sealed class SomeMiscMessages(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly string[] Allowed = ["ID", "AID", "RWHB", "RWHR"];

    private readonly MiscMessageSerializer _akkas = new(system);
    private readonly RefusedMessages _refused = new(system);

    /// <inheritdoc/>
    public override int Identifier => 16;

    /// <inheritdoc/>
    public override string Manifest(object o) =>
        Allowed.FirstOrDefault(m => m == _akkas.Manifest(o)) ?? throw _refused.Outgoing(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        return _akkas.ToBinary(obj);
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) =>
        Allowed.Contains(manifest)
            ? _akkas.FromBinary(bytes, manifest)
            : throw _refused.Incoming(manifest, "is nothing that a peer may say to an actor");
}
