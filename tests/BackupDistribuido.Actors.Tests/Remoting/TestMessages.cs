using System.Text.Json.Serialization;
using BackupDistribuido.Core.Json;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Tests.Remoting;

public sealed record Ping(string Text) : IWireMessage;

public sealed record Pong(string Text) : IWireMessage;

public sealed record Stored(NodeName Node, SnapshotId Snapshot, Sha256Digest Digest) : IWireMessage;

[JsonSourceGenerationOptions(Converters = [typeof(NodeNameJson), typeof(SnapshotIdJson), typeof(Sha256DigestJson)])]
[JsonSerializable(typeof(Ping))]
[JsonSerializable(typeof(Pong))]
[JsonSerializable(typeof(Stored))]
internal sealed partial class TestMessagesJson : JsonSerializerContext;
