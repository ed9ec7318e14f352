using System.Globalization;
using BackupDistribuido.EndToEnd.Tests.Processes;

namespace BackupDistribuido.EndToEnd.Tests.Networks;

/// <summary>Machines on a network of their own: namespaces that <c>bench/network/up</c> makes, gone with
/// this.</summary>
internal sealed class Hosts : IDisposable
{
    private readonly TemporaryFolder _shell = new();
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"bt{Environment.ProcessId}x");

    private Hosts()
    {
    }

    /// <summary>So many machines with links of <paramref name="rate"/> each way. Skips the test where that can't be
    /// had.</summary>
    public static Hosts Up(int count, string rate)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "network namespaces need root");
        var hosts = new Hosts();
        try
        {
            var (exit,
                output) = hosts._shell.Run(
                    $"command -v ip tc || exit 77; '{Bdist.Beside}/network/up' {hosts._prefix} {count} {rate}");
            Skip.If(exit == 77, "iproute2 is not here");
            // A container's root mostly may not.
            Skip.If(exit != 0 && hosts._shell.Run("ip netns add bdist-probe && ip netns del bdist-probe").Exit != 0,
                $"network namespaces can't be made here: {output}");
            Assert.True(exit == 0, output);
            // As Linux has it by default, whatever this machine is set to: what a socket may hold is what is lost with
            // its link.
            for (var host = 0; host < count; host++)
                hosts._shell.Do(
                    $"ip netns exec {hosts._prefix}{host} sh -c 'echo 4096 131072 6291456 > "
                    + "/proc/sys/net/ipv4/tcp_rmem'");
            return hosts;
        }
        catch
        {
            hosts.Dispose();
            throw;
        }
    }

    /// <summary>A host's address.</summary>
    public static string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.78.0.{10 + host}");

    /// <summary>
    /// What starts a program on that host. <c>ip netns exec</c> would give it mounts of its own too, and with them hold
    /// file systems that other tests have unmounted.
    /// </summary>
    public string[] On(int host) => ["nsenter", $"--net=/run/netns/{_prefix}{host}"];

    /// <summary>Bytes that have come to the host, frames and all.</summary>
    public long Received(int host) => Count(host, 2);

    /// <summary>Bytes that the host has sent, frames and all.</summary>
    public long Sent(int host) => Count(host, 10);

    private long Count(int host, int field) =>
        long.Parse(_shell.Do($"ip netns exec {_prefix}{host} awk '/eth0:/ {{ print ${field} }}' /proc/net/dev"),
            CultureInfo.InvariantCulture);

    /// <summary>Pulls the host's cable.</summary>
    public void Cut(int host) => _shell.Do($"ip -n {_prefix}{host} link set eth0 down");

    /// <summary>Nothing goes from one host to another any more; the way back stays.</summary>
    public void CutOneWay(int from, int to) => _shell.Do($"ip -n {_prefix}{from} route add blackhole {Address(to)}/32");

    /// <summary>From now on no more than that goes to the host.</summary>
    public void Slow(int host, string rate) =>
        _shell.Do(
            $"ip netns exec {_prefix}sw tc qdisc change dev p{host} root tbf rate {rate} burst 256kb latency 20ms");

    public void Dispose()
    {
        _shell.Run($"'{Bdist.Beside}/network/down' {_prefix}");
        _shell.Dispose();
    }
}
