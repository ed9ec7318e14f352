using System.Net.Sockets;
using System.Text;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Processes;

namespace BackupDistribuido.Cli.Tests.Running;

/// <summary>With a datagram socket in the service manager's place.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-notify-").FullName;
    private readonly Socket _manager =
        new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };

    public ServiceTests() => _manager.Bind(new UnixDomainSocketEndPoint(Name));

    private string Name => Path.Combine(_folder, "notify");

    [Fact]
    public async Task A_command_tells_it_from_its_start_to_its_end()
    {
        using var run = new BdistRun(new ScriptedNodes
        {
            Script = (context, _) =>
            {
                context.Report(new Listening("control", NodeAddress.Parse("127.0.0.1:4053")));
                return Task.FromResult(ExitCode.Success);
            },
        })
        { Service = () => new ServiceNotifier(Name, null, TimeProvider.System) };
        Assert.Equal(0, await run.Run("coordinator"));
        Assert.StartsWith("READY=1\n", Heard(), StringComparison.Ordinal);
    }

    private string Heard()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _manager.Receive(buffer));
    }

    public void Dispose()
    {
        _manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
