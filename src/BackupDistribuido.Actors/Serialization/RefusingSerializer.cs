using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>
/// Replaces Akka's general serializers, which build any type that a peer names. It builds and writes none, so that a
/// type that is bound to it by default is noticed at once.
/// </summary>
public sealed class RefusingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private readonly RefusedMessages _refused = new(system);

    /// <summary>Called by Akka where the serializer whose place it takes has settings.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : this(system) => _ = settings;

    /// <summary>The identifier of Akka's JSON serializer, whose place it takes.</summary>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override string Manifest(object o) => "";

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw _refused.Outgoing(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) =>
        throw _refused.Incoming(manifest, "is no message that nodes exchange");
}
