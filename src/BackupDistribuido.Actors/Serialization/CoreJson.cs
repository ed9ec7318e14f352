using System.Text.Json;
using System.Text.Json.Serialization;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>A <see cref="NodeName"/> in a message.</summary>
public sealed class NodeNameJson() : TextJson<NodeName>(NodeName.Parse);

/// <summary>A <see cref="NodeAddress"/> in a message: <c>HOST:PORT</c>.</summary>
public sealed class NodeAddressJson() : TextJson<NodeAddress>(NodeAddress.Parse);

/// <summary>A <see cref="Rate"/> in a message: <c>20MB/s</c>.</summary>
public sealed class RateJson() : TextJson<Rate>(Rate.Parse);

/// <summary>A <see cref="RunId"/> in a message.</summary>
public sealed class RunIdJson() : TextJson<RunId>(RunId.Parse);

/// <summary>A <see cref="SnapshotId"/> in a message.</summary>
public sealed class SnapshotIdJson() : TextJson<SnapshotId>(SnapshotId.Parse);

/// <summary>A <see cref="Verification"/> in a message.</summary>
public sealed class VerificationJson() : TextJson<Verification>(Verification.Parse);

/// <summary>A <see cref="Sha256Digest"/> in a message.</summary>
public sealed class Sha256DigestJson() : TextJson<Sha256Digest>(Sha256Digest.Parse);

/// <summary>An <see cref="Epoch"/> in a message: a number.</summary>
public sealed class EpochJson : JsonConverter<Epoch>
{
    /// <inheritdoc/>
    public override Epoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt64(out var number) && number is >= 0 and <= Epoch.Max ? new Epoch(number) : throw new JsonException("an epoch is a number from 0");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Epoch value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
}

/// <summary>A <see cref="LinkSecret"/> in a message: the one place beside the links where it is revealed.</summary>
public sealed class LinkSecretJson : JsonConverter<LinkSecret>
{
    /// <inheritdoc/>
    public override LinkSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LinkSecret.TryParse(reader.GetString(), out var secret) ? secret : throw new JsonException("malformed secret");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LinkSecret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
}
