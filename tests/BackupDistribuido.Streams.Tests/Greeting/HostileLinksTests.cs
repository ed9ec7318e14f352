using System.Net;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Tests.Conversations;
using BackupDistribuido.Tests;

namespace BackupDistribuido.Streams.Tests.Greeting;

/// <summary>What strangers do to the data port.</summary>
public sealed class HostileLinksTests : HostileConnections
{
    private LinkListener? _listener;

    protected override string Greeting => Encoding.ASCII.GetString(FrameWriter.Header(Frames.Hello)).TrimEnd('\n');

    protected override async Task<IPEndPoint> ListenAsync(ClusterKey? key, TimeSpan greetingTime)
    {
        var reception = new LinkReception(_ => Admission.Granted,
            link => _ = link.Connection.WriteAsync(Frames.Welcome, CancellationToken.None).AsTask(), _ => { })
        {
            GreetingTime = greetingTime,
        };
        _listener = await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"), reception, key,
            CancellationToken.None);
        return new IPEndPoint(IPAddress.Loopback, _listener.Address.Port);
    }

    protected override async Task StopAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
    }

    protected override async Task BelongAsync(IPEndPoint port, ClusterKey? key)
    {
        var link = await LinkDialer.DialAsync(NodeAddress.Of(port.Address, port.Port), Frames.Hello, key,
            CancellationToken.None, Bound);
        link.Connection.Dispose();
    }

}
