using System.Net.Sockets;
using System.Text;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Hosting.Processes;

namespace BackupDistribuido.Hosting.Tests.Processes;

/// <summary>With a datagram socket in the service manager's place.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private static readonly NodeAddress Address = NodeAddress.Parse("127.0.0.1:4053");

    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-notify-").FullName;
    private readonly Socket _manager =
        new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };

    public ServiceNotifierTests() => _manager.Bind(new UnixDomainSocketEndPoint(Name));

    private string Name => Path.Combine(_folder, "notify");

    [Theory]
    [InlineData(NodeRole.Coordinator, "control")]
    [InlineData(NodeRole.Destination, "data")]
    public void A_node_that_others_dial_is_ready_once_it_listens(NodeRole role, string port)
    {
        using var notifier = Notifier();
        notifier.Tell(role, new Warned(Reason.Text("insecure")));
        Assert.Equal("STATUS=warning: insecure", Heard());
        notifier.Tell(role, new Listening(port, Address));
        Assert.Equal($"READY=1\nSTATUS=listening: {port} on 127.0.0.1:4053", Heard());
        notifier.Tell(role, new Listening(port, Address));
        Assert.Equal($"STATUS=listening: {port} on 127.0.0.1:4053", Heard());
    }

    [Fact]
    public void An_origin_is_ready_once_it_is_connected()
    {
        using var notifier = Notifier();
        notifier.Tell(NodeRole.Origin, new Disconnected(Address, Reason.Text("connection refused")));
        Assert.StartsWith("STATUS=no coordinator", Heard(), StringComparison.Ordinal);
        notifier.Tell(NodeRole.Origin, new Connected(Address));
        Assert.StartsWith("READY=1\n", Heard(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_other_nodes_say_can_not_forge_a_state()
    {
        using var notifier = Notifier();
        notifier.Tell(NodeRole.Coordinator, new DestinationLost(Happenings.A, Reason.Text("gone\nREADY=1")));
        Assert.Equal("STATUS=lost: destination disk-a: gone READY=1", Heard());
    }

    [Fact]
    public void Single_files_are_no_news_and_progress_is_once_a_second()
    {
        using var notifier = Notifier();
        notifier.Tell(NodeRole.Origin, new FileStored(Happenings.Path("a"), 1, 1));
        notifier.Tell(NodeRole.Origin, Happenings.Progress(new RunProgress(1024, 2048, false), 1024));
        notifier.Tell(NodeRole.Origin, Happenings.Progress(new RunProgress(2048, 2048, true), 1024));
        notifier.Tell(NodeRole.Origin, new Warned(Reason.Text("end")));
        Assert.Equal("STATUS=50 %: 1.0 KiB of 2.0 KiB safe: 2 copies of 1.0 KiB, 1,000 files; speed —, time left —",
            Heard());
        Assert.Equal("STATUS=warning: end", Heard());
    }

    [Fact]
    public void Stopping_is_said_once_and_last()
    {
        using var notifier = Notifier();
        notifier.Stopping();
        notifier.Tell(NodeRole.Coordinator, new Warned(Reason.Text("late")));
        notifier.Stopping();
        Assert.Equal("STOPPING=1\nSTATUS=stopping", Heard());
        Assert.Equal(0, _manager.Available);
    }

    [Fact]
    public void A_watchdog_hears_signs_of_life()
    {
        using var notifier = Notifier(("WATCHDOG_USEC", "300000"), ("WATCHDOG_PID", "42"));
        Assert.Equal("WATCHDOG=1", Heard());
        Assert.Equal("WATCHDOG=1", Heard());
    }

    [Theory]
    [InlineData("WATCHDOG_PID", "43")]
    [InlineData("WATCHDOG_USEC", "soon")]
    public async Task Another_processs_watchdog_does_not(string variable, string value)
    {
        using var notifier = Notifier(("WATCHDOG_USEC", "30000"), (variable, value));
        await Task.Delay(200);
        Assert.Equal(0, _manager.Available);
    }

    [Fact]
    public void Without_a_manager_there_is_none() =>
        Assert.Null(ServiceNotifier.Of(_ => null, 42, TimeProvider.System));

    [Fact]
    public void A_manager_that_is_gone_is_no_failure()
    {
        using var notifier = Notifier();
        _manager.Dispose();
        notifier.Tell(NodeRole.Coordinator, new Listening("control", Address));
        notifier.Stopping();
    }

    private ServiceNotifier Notifier(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = Name };
        foreach (var (name, value) in variables) all[name] = value;
        return ServiceNotifier.Of(name => all.GetValueOrDefault(name), 42, TimeProvider.System)!;
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
