using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Serialization;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Serialization;

public sealed class ProtocolSerializerTests : IAsyncLifetime
{
    private readonly ActorSystem _system = RemotingConfig.Start(
        ControlEndpoint.ForNode(NodeAddress.Of(IPAddress.Loopback, 1), null), TestTable.Messages, "akka { loggers = [], stdout-loglevel = off }");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public void AMessageComesBackAsItWas()
    {
        var message = new Stored(NodeName.Parse("a-b"), SnapshotId.Parse("20261122T163305Z"), Sha256Digest.OfNothing);
        var serializer = Assert.IsType<ProtocolSerializer>(_system.Serialization.FindSerializerFor(message));

        var bytes = serializer.ToBinary(message);

        Assert.Equal("stored", serializer.Manifest(message));
        Assert.Contains("\"20261122T163305Z\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(message, _system.Serialization.Deserialize(bytes, serializer.Identifier, "stored"));
    }

    [Theory]
    [InlineData("unheard-of", "{}")]
    [InlineData("", "{}")]
    [InlineData("BackupDistribuido.Actors.Tests.Remoting.Ping", "{}")]
    [InlineData("ping", "")]
    [InlineData("ping", "null")]
    [InlineData("ping", "[1]")]
    [InlineData("ping", "{\"Text\":1}")]
    [InlineData("stored", "{\"Node\":\".hidden\",\"Snapshot\":\"20261122T163305Z\",\"Digest\":\"\"}")]
    [InlineData("stored", "{\"Node\":null}")]
    public void WhatIsNoMessageIsRefused(string manifest, string json) =>
        Assert.Throws<RefusedMessageException>(() => Serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest));

    [Fact]
    public void AMessageOutsideTheTableIsNotWritten() => Assert.Throws<RefusedMessageException>(() => Serializer.ToBinary(new Unlisted()));

    [Theory]
    [InlineData("text")]
    [InlineData(1)]
    public void WhatHasNoSerializerOfItsOwnIsNotWritten(object message) =>
        Assert.IsType<RefusingSerializer>(_system.Serialization.FindSerializerFor(message));

    [Fact]
    public void ATableRefusesTypesThatAreNoMessagesAndNamesThatOccurTwice()
    {
        Assert.Throws<ArgumentException>(() => new MessageTable(("text", TestMessagesJson.Default.String)));
        Assert.Throws<ArgumentException>(() => new MessageTable(("ping", TestMessagesJson.Default.Ping), ("ping", TestMessagesJson.Default.Pong)));
        Assert.Throws<ArgumentException>(() => new MessageTable(("a", TestMessagesJson.Default.Ping), ("b", TestMessagesJson.Default.Ping)));
    }

    private SerializerWithStringManifest Serializer => (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(new Ping(""));

    private sealed record Unlisted : IWireMessage;
}
