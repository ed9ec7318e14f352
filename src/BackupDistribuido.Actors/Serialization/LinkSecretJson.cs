using System.Text.Json;
using System.Text.Json.Serialization;
using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>A <see cref="LinkSecret"/> in a message: the one place beside the links where it is revealed.</summary>
public sealed class LinkSecretJson : JsonConverter<LinkSecret>
{
    /// <inheritdoc/>
    public override LinkSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LinkSecret.TryParse(reader.GetString(), out var secret) ? secret : throw new JsonException("malformed secret");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LinkSecret value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Reveal());
}
