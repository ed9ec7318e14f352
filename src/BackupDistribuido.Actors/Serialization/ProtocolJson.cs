using System.Text.Json.Serialization;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Json;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>
/// The JSON of every message between nodes, generated at compile time. Every part is written, null too, and every part
/// without a default is required: an actor may take for granted what its messages' types promise. The parts are
/// written in the order of the types' parameters, then of their properties. A property that is not <c>required</c> and
/// is absent becomes its type's default, whatever the property is initialized with.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    MaxDepth = 2048,
    Converters = [typeof(NodeNameJson), typeof(CapabilitiesJson), typeof(SnapshotIdJson), typeof(Sha256DigestJson),
        typeof(RunIdJson),
        typeof(EpochJson), typeof(LinkSecretJson), typeof(NodeAddressJson), typeof(RateJson),
            typeof(VerificationJson), typeof(ReasonJson)])]
[JsonSerializable(typeof(RegisterDestination))]
[JsonSerializable(typeof(DestinationRegistered))]
[JsonSerializable(typeof(RegisterOrigin))]
[JsonSerializable(typeof(OriginRegistered))]
[JsonSerializable(typeof(RegistrationRefused))]
[JsonSerializable(typeof(Leave))]
[JsonSerializable(typeof(AskStatus))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(AskRuns))]
[JsonSerializable(typeof(RunsAnswer))]
[JsonSerializable(typeof(AskSnapshots))]
[JsonSerializable(typeof(SnapshotsAnswer))]
[JsonSerializable(typeof(AskCatalogue))]
[JsonSerializable(typeof(CatalogueAnswer))]
[JsonSerializable(typeof(AskFiles))]
[JsonSerializable(typeof(AskSnapshotFiles))]
[JsonSerializable(typeof(FilesAnswer))]
[JsonSerializable(typeof(PrepareReplica))]
[JsonSerializable(typeof(TreeSealed))]
[JsonSerializable(typeof(Deliver))]
[JsonSerializable(typeof(DeliveryReport))]
[JsonSerializable(typeof(ReplicaReport))]
[JsonSerializable(typeof(ReplicaHeard))]
[JsonSerializable(typeof(FilesVerified))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(RunEndHeard))]
[JsonSerializable(typeof(RunOver))]
public sealed partial class ProtocolJson : JsonSerializerContext;
