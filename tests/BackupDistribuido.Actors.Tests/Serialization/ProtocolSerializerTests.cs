using System.IO.Compression;
using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Serialization;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Tests.Serialization;

public sealed class ProtocolSerializerTests : IAsyncLifetime
{
    private readonly ActorSystem _system = RemotingConfig.Start(
        ControlEndpoint.ForNode(NodeAddress.Of(IPAddress.Loopback, 1), null), TestTable.Messages,
            "akka { loggers = [], stdout-loglevel = off }");

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
    public void ALongMessageIsPackedAndComesBackAsItWas()
    {
        var message = new Ping(string.Concat(Enumerable.Range(0, 100_000).Select(number => $"destination-{number} ")));

        var bytes = Serializer.ToBinary(message);

        Assert.InRange(bytes.Length, 1, message.Text.Length / 3);
        Assert.Equal(message, Serializer.FromBinary(bytes, "ping"));
    }

    [Theory]
    [InlineData(5 << 20, 0)]
    [InlineData(30_000, 20)]
    public void WhatIsPackedAndTooLongOrDamagedIsRefused(int length, int missing)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes($"{{\"Text\":\"{new string('x', length)}\"}}"));

        Assert.Throws<RefusedMessageException>(() => Serializer.FromBinary(packed.ToArray()[..^missing], "ping"));
    }

    [Fact]
    public void AMessageOutsideTheTableIsNotWritten() =>
        Assert.Throws<RefusedMessageException>(() => Serializer.ToBinary(new Unlisted()));

    [Theory]
    [InlineData("text")]
    [InlineData(1)]
    public void WhatHasNoSerializerOfItsOwnIsNotWritten(object message) =>
        Assert.IsType<RefusingSerializer>(_system.Serialization.FindSerializerFor(message));

    [Fact]
    public void ATableRefusesTypesThatAreNoMessagesAndNamesThatOccurTwice()
    {
        Assert.Throws<ArgumentException>(() => new MessageTable(TestMessagesJson.Default, ("text", typeof(string))));
        Assert.Throws<ArgumentException>(() =>
            new MessageTable(TestMessagesJson.Default, ("ping", typeof(Ping)), ("ping", typeof(Pong))));
        Assert.Throws<ArgumentException>(() =>
            new MessageTable(TestMessagesJson.Default, ("a", typeof(Ping)), ("b", typeof(Ping))));
    }

    private SerializerWithStringManifest Serializer =>
        (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(new Ping(""));

    private sealed record Unlisted : IWireMessage;
}
