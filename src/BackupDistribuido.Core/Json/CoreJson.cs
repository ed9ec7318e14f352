using System.Text.Json;
using System.Text.Json.Serialization;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Json;

/// <summary>A <see cref="NodeName"/>.</summary>
public sealed class NodeNameJson() : TextJson<NodeName>(NodeName.Parse);

/// <summary>A <see cref="NodeAddress"/>: <c>HOST:PORT</c>.</summary>
public sealed class NodeAddressJson() : TextJson<NodeAddress>(NodeAddress.Parse);

/// <summary>A node's <see cref="Capabilities"/> on links.</summary>
public sealed class CapabilitiesJson() : TextJson<Capabilities>(Capabilities.Parse);

/// <summary>A <see cref="Rate"/>: <c>20MB/s</c>.</summary>
public sealed class RateJson() : TextJson<Rate>(Rate.Parse);

/// <summary>A <see cref="RunId"/>.</summary>
public sealed class RunIdJson() : TextJson<RunId>(RunId.Parse);

/// <summary>A <see cref="SnapshotId"/>.</summary>
public sealed class SnapshotIdJson() : TextJson<SnapshotId>(SnapshotId.Parse);

/// <summary>A <see cref="Verification"/>.</summary>
public sealed class VerificationJson() : TextJson<Verification>(Verification.Parse);

/// <summary>A <see cref="Sha256Digest"/>.</summary>
public sealed class Sha256DigestJson() : TextJson<Sha256Digest>(Sha256Digest.Parse);

/// <summary>A <see cref="Reason"/>, as <see cref="Reason.Encode()"/> has it.</summary>
public sealed class ReasonJson : JsonConverter<Reason>
{
    /// <inheritdoc/>
    public override Reason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Reason.Parse(reader.GetString()!)
            : throw new JsonException("a reason is a string");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Reason value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Encode());
}

/// <summary>An <see cref="Epoch"/>: a number.</summary>
public sealed class EpochJson : JsonConverter<Epoch>
{
    /// <inheritdoc/>
    public override Epoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt64(out var number) && number is >= 0 and <= Epoch.Max
            ? new Epoch(number) : throw new JsonException("an epoch is a number from 0");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Epoch value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Number);
}
