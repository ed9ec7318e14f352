using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>Both ends of one connection.</summary>
internal sealed record LinkPair(PeerConnection Parent, PeerConnection Child) : IDisposable
{
    public void Dispose()
    {
        Parent.Dispose();
        Child.Dispose();
    }

    public static Task<LinkPair> InMemory(TimeSpan childWrites = default)
    {
        var options = new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024);
        var (down, up) = (new Pipe(options), new Pipe(options));
        return Task.FromResult(new LinkPair(End(new MemoryDuplex(up, down)),
            End(new MemoryDuplex(down, up, childWrites))));
    }

    public static Task<LinkPair> OverTcp() => Over(null);

    public static Task<LinkPair> OverTls() => Over(TestKeys.Cluster);

    private static PeerConnection End(MemoryDuplex stream) =>
        new(stream, new IPEndPoint(IPAddress.None, 0), _ => stream.CloseWritingAsync());

    private static async Task<LinkPair> Over(ClusterKey? security)
    {
        var accepted = new TaskCompletionSource<AcceptedLink>();
        var reception = new LinkReception(_ => Admission.Granted, link => accepted.TrySetResult(link),
            refused => accepted.TrySetException(new IOException(refused.Reason.ToString())));
        await using var listener = await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"), reception, security,
            CancellationToken.None);
        var dialing =
            LinkDialer.DialAsync(listener.Address, Frames.Hello, security, CancellationToken.None, Eventually.Bound);
        var link = await accepted.Task.WaitAsync(Eventually.Bound);
        await link.Connection.WriteAsync(Frames.Welcome, CancellationToken.None);
        return new LinkPair((await dialing).Connection, link.Connection);
    }
}
