using System.Text.Json.Serialization;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Json;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Record.Entries;

/// <summary>The JSON of <see cref="EventForm"/>, generated at compile time. Every part without a default is
/// required.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(NodeNameJson), typeof(NodeAddressJson), typeof(RunIdJson), typeof(SnapshotIdJson),
        typeof(EpochJson), typeof(SoundJson), typeof(DamagedJson), typeof(ReasonJson)])]
[JsonSerializable(typeof(Listening))]
[JsonSerializable(typeof(NodeJoined))]
[JsonSerializable(typeof(NodeLeft))]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(RunPaused))]
[JsonSerializable(typeof(DestinationLost))]
[JsonSerializable(typeof(ReplicaCounted))]
[JsonSerializable(typeof(SnapshotProtected))]
[JsonSerializable(typeof(RunFinished))]
[JsonSerializable(typeof(SnapshotAtRisk))]
[JsonSerializable(typeof(SnapshotTooOld))]
[JsonSerializable(typeof(ReplicaVerified))]
[JsonSerializable(typeof(ReplicaDamaged))]
[JsonSerializable(typeof(Warned))]
internal sealed partial class EventParts : JsonSerializerContext;

/// <summary>That a replica was sound.</summary>
internal sealed class SoundJson()
    : TextJson<Verification.Sound>(text => Verification.Parse(text) as Verification.Sound
        ?? throw new FormatException("this is another finding"));

/// <summary>That a replica was damaged.</summary>
internal sealed class DamagedJson()
    : TextJson<Verification.Damaged>(text => Verification.Parse(text) as Verification.Damaged
        ?? throw new FormatException("this is another finding"));
