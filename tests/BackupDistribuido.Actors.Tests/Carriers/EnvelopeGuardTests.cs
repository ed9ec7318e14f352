using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Streams.Connections;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Tests.Carriers;

/// <summary>A node speaks under its own address only, whatever it writes into Akka's messages.</summary>
public sealed class EnvelopeGuardTests
{
    private const string Own = "akka.bdist://bdist@n-1:1/user/node", Others = "akka.bdist://bdist@n-2:1/user/node";
    private static readonly EnvelopeGuard Guard = new(ControlAddress.Named("n-1"));

    [Theory]
    [InlineData(Own, true)]
    [InlineData("akka.bdist://bdist@n-1:1/temp/$a#1234", true)]
    [InlineData(Others, false)]
    [InlineData("akka.bdist://bdist@coordinator:1/user/coordinator", false)]
    [InlineData("akka.bdist://bdist@n-1:2/user/node", false)]
    [InlineData("akka.bdist://bdist@n-12:1/user/node", false)]
    [InlineData("akka://bdist/user/node", false)]
    [InlineData("/user/node", false)]
    [InlineData("", false)]
    public void A_sender(string path, bool isOwn) => Judged(isOwn, Envelope(Actor(4, path)));

    [Fact]
    public void A_message_without_sender() => Judged(true, Envelope([]));

    [Theory]
    [InlineData("died", Own, Own, true)]
    [InlineData("died", Others, Own, false)]
    [InlineData("watch", Others, Own, true)]
    [InlineData("watch", Own, Others, false)]
    [InlineData("unwatch", Own, Others, false)]
    public void A_system_message(string manifest, string first, string second, bool isOwn) => Judged(isOwn,
        Envelope(Field(2, [.. Field(1, [.. Actor(1, first), .. Actor(2, second)]), .. Number(2, 22),
            .. Field(3, Encoding.UTF8.GetBytes(manifest))])));

    [Theory]
    [InlineData("n-1", true)]
    [InlineData("n-2", false)]
    [InlineData("coordinator", false)]
    public void An_association(string host, bool isOwn) => Judged(isOwn, Associate(host));

    [Fact]
    public void A_field_that_comes_twice_is_refused()
    {
        Assert.NotNull(Guard.WhyNot(Bytes([.. Envelope(Actor(4, Own)), .. Envelope(Actor(4, Others))])));
        Assert.NotNull(Guard.WhyNot(Bytes(Envelope([.. Actor(4, Own), .. Actor(4, Others)]))));
        Assert.NotNull(Guard.WhyNot(Bytes(Envelope(Field(4, [.. Field(1, Utf8(Own)), .. Field(1, Utf8(Others))])))));
    }

    [Fact]
    public void What_is_no_message_is_refused()
    {
        var random = new Random(20261129);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            // It throws nothing, whatever it says.
            _ = Guard.WhyNot(ByteString.CopyFrom(bytes));
        }
        Assert.NotNull(Guard.WhyNot(ByteString.CopyFrom(0x0a, 0x7f, 0x01)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_speaks_as_another_node_is_cut_off(bool inItsAssociation)
    {
        await using var cluster = TestCluster.Of();
        var lost = ReconnectionTests.Count<CarrierLost>(cluster.Coordinator);
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(cluster.Endpoint);
        var frames = new ArrayBufferWriter<byte>();
        frames.Write("BDIST-CONTROL/1 n-1\n"u8);
        new CarrierFrame(CarrierFrameKind.Open, 1, ByteString.Empty).Write(frames);
        var first = Associate(inItsAssociation ? "n-2" : "n-1");
        new CarrierFrame(CarrierFrameKind.Data, 1, Bytes(first)).Write(frames);
        if (!inItsAssociation)
            new CarrierFrame(CarrierFrameKind.Data, 1, Bytes(Envelope(Actor(4, Others)))).Write(frames);

        await stranger.GetStream().WriteAsync(frames.WrittenMemory);

        await Until.TrueAsync(() => lost.Any(one => one.Reason.ToString() == "it spoke as another node"));
        await cluster.LoggedAsync("it spoke as another node");
    }

    [Fact]
    public async Task An_address_is_its_peers_for_as_long_as_it_is_known()
    {
        using var system = ActorSystem.Create("peers");
        var (peers, address) = (ControlPeers.Of(system), ControlAddress.Named("n-1"));
        var owner = new AuthenticatedPeer(Core.Trees.Sha256Digest.Of("one"u8));

        Assert.True(peers.TryBind(address, owner));
        Assert.True(peers.TryBind(address, new AuthenticatedPeer(owner.Key)));
        Assert.False(peers.TryBind(address, new AuthenticatedPeer(Core.Trees.Sha256Digest.Of("other"u8))));
        Assert.False(peers.TryBind(address, AuthenticatedPeer.Unknown));
        await system.Terminate();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_actor_can_ask_who_has_sent_it_a_message(bool secured)
    {
        using var key = secured ? Streams.Connections.ClusterKey.Generate() : null;
        await using var cluster = TestCluster.Of(key);
        var seen = new TaskCompletionSource<AuthenticatedPeer>();
        var peers = ControlPeers.Of(cluster.Coordinator);
        cluster.Coordinator.ActorOf(Props.Create(() => new Asking(peers, seen)), "coordinator");

        await ControlTransportTests.AskAsync(cluster.Node(key), "hello");

        Assert.Equal(key?.Peer ?? AuthenticatedPeer.Unknown, await seen.Task.WaitAsync(TestCluster.Bound));
    }

    private sealed class Asking : ReceiveActor
    {
        public Asking(ControlPeers peers, TaskCompletionSource<AuthenticatedPeer> seen) =>
            Receive<Ping>(ping =>
            {
                seen.TrySetResult(peers.PeerOf(Sender));
                Sender.Tell(new Pong(ping.Text));
            });
    }

    private static void Judged(bool isOwn, byte[] pdu) =>
        Assert.Equal(isOwn ? null : "it spoke as another node", Guard.WhyNot(Bytes(pdu)));

    private static byte[] Envelope(byte[] fields) => Field(1, Field(2, [.. Actor(1, Own), .. fields]));

    private static byte[] Associate(string host) => Field(2, [.. Number(1, 1),
        .. Field(2, Field(1, [.. Field(1, Utf8("bdist")), .. Field(2, Utf8(host)), .. Number(3, 1),
            .. Field(4, Utf8("bdist"))]))]);

    private static byte[] Actor(int field, string path) => Field(field, Field(1, Utf8(path)));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Field(int field, byte[] value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    });

    private static byte[] Number(int field, uint value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt32(value);
    });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) write(output);
        return bytes.ToArray();
    }

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
