using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor.Setup;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>Which messages an ActorSystem speaks: each has one name on the wire and the source-generated JSON of its type.</summary>
public sealed class MessageTable : Setup
{
    private readonly FrozenDictionary<string, JsonTypeInfo> _byManifest;
    private readonly FrozenDictionary<Type, string> _byType;

    /// <summary>Makes a table.</summary>
    /// <exception cref="ArgumentException">A name or a type occurs twice, or a type is no <see cref="IWireMessage"/>.</exception>
    public MessageTable(params (string Manifest, JsonTypeInfo Json)[] messages)
    {
        if (messages.FirstOrDefault(m => !typeof(IWireMessage).IsAssignableFrom(m.Json.Type)) is { Json: { } json })
            throw new ArgumentException($"{json.Type} is no {nameof(IWireMessage)}", nameof(messages));
        _byManifest = messages.ToFrozenDictionary(m => m.Manifest, m => m.Json, StringComparer.Ordinal);
        _byType = messages.ToFrozenDictionary(m => m.Json.Type, m => m.Manifest);
        if (_byType.Count != messages.Length || _byManifest.Count != messages.Length)
            throw new ArgumentException("a name or a type occurs twice", nameof(messages));
    }

    internal string? ManifestOf(object message) => _byType.GetValueOrDefault(message.GetType());

    internal JsonTypeInfo? JsonOf(string manifest) => _byManifest.GetValueOrDefault(manifest);
}
