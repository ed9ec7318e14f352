using System.Collections.Frozen;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor.Setup;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>
/// Which messages an ActorSystem speaks: each has one name on the wire and the source-generated JSON of its type. That
/// is built when a message is first met: all of it takes a third of a node's start, and no node speaks them all.
/// </summary>
public sealed class MessageTable : Setup
{
    private readonly JsonSerializerContext _json;
    private readonly FrozenDictionary<string, Type> _byManifest;
    private readonly FrozenDictionary<Type, string> _byType;

    /// <summary>Makes a table. <paramref name="json"/> has the JSON of every type.</summary>
    /// <exception cref="ArgumentException">A name or a type occurs twice, or a type is not an
    /// <see cref="IWireMessage"/>.</exception>
    public MessageTable(JsonSerializerContext json, params (string Manifest, Type Type)[] messages)
    {
        _json = json;
        if (messages.FirstOrDefault(m => !typeof(IWireMessage).IsAssignableFrom(m.Type)) is { Type: { } type })
            throw new ArgumentException($"{type} is no {nameof(IWireMessage)}", nameof(messages));
        _byManifest = messages.DistinctBy(m => m.Manifest)
            .ToFrozenDictionary(m => m.Manifest, m => m.Type, StringComparer.Ordinal);
        _byType = messages.DistinctBy(m => m.Type).ToFrozenDictionary(m => m.Type, m => m.Manifest);
        if (_byType.Count != messages.Length || _byManifest.Count != messages.Length)
            throw new ArgumentException("a name or a type occurs twice", nameof(messages));
    }

    internal string? ManifestOf(object message) => _byType.GetValueOrDefault(message.GetType());

    internal JsonTypeInfo? JsonOf(string manifest) =>
        _byManifest.TryGetValue(manifest, out var type)
            ? _json.GetTypeInfo(type) ?? throw new InvalidOperationException($"no JSON was generated for {type}")
            : null;
}
