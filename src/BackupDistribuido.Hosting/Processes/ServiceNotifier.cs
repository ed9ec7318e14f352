using System.Globalization;
using System.Net.Sockets;
using System.Text;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Hosting.Processes;

/// <summary>
/// Tells the service manager that started this process its state (sd_notify(3)): ready, its activity, alive, stopping.
/// One datagram each; a datagram that can't be sent is dropped, because no node may wait for its supervisor. Safe from
/// any thread.
/// </summary>
public sealed class ServiceNotifier : IDisposable
{
    private static readonly TimeSpan ProgressPause = TimeSpan.FromSeconds(1);

    private readonly Socket _socket =
        new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint _manager;
    private readonly TimeProvider _clock;
    private readonly ITimer? _alive;
    private long _progress;
    private int _isReady, _isStopping;

    /// <summary>A notifier for that socket; a leading <c>@</c> stands for the abstract name space.</summary>
    /// <param name="watchdog">Within what time the manager wants to hear each sign of life; null: it doesn't.</param>
    public ServiceNotifier(string socket, TimeSpan? watchdog, TimeProvider clock)
    {
        _manager = new UnixDomainSocketEndPoint(socket is ['@', ..] ? "\0" + socket[1..] : socket);
        _clock = clock;
        // It needs a free thread of the pool in time: the manager should end a node whose pool is stuck.
        if (watchdog is { } within) _alive = clock.CreateTimer(_ => Send("WATCHDOG=1"), null, within / 3, within / 3);
    }

    /// <summary>The notifier of a process with these variables (<c>NOTIFY_SOCKET</c>, <c>WATCHDOG_USEC</c>,
    /// <c>WATCHDOG_PID</c>); null: its manager asks for nothing.</summary>
    public static ServiceNotifier? Of(Func<string, string?> variable, int process, TimeProvider clock)
    {
        if (variable("NOTIFY_SOCKET") is not ['/' or '@', _, ..] socket) return null;
        var isMeant = variable("WATCHDOG_PID") is not { } pid || pid == process.ToString(CultureInfo.InvariantCulture);
        TimeSpan? watchdog = isMeant
            && long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture,
                out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds) : null;
        return new ServiceNotifier(socket, watchdog, clock);
    }

    /// <summary>
    /// An event at a node of that role. A coordinator is ready when its control port is open, a destination when its
    /// data port is: it waits for its coordinator as for any other peer, and must not fail because that one starts
    /// later. An origin is ready when it is connected. The address of the pages is left out: it contains a token, and
    /// anyone may ask for a service's status.
    /// </summary>
    public void Tell(NodeRole role, NodeEvent happened)
    {
        if (Volatile.Read(ref _isStopping) != 0 || happened is FileStored or EntrySkipped or PagesOpened
            or ReceptionEnded
            || (happened is ProgressEvent && (role == NodeRole.Coordinator || !MayShowProgress()))) return;
        var isReady = (role, happened) switch
        {
            (NodeRole.Coordinator, Listening { What: "control" }) or (NodeRole.Destination, Listening { What: "data" })
                or (NodeRole.Origin, Connected) => Interlocked.Exchange(ref _isReady, 1) == 0,
            _ => false,
        };
        var status = PathText.Display(EventText.Describe(happened).ReplaceLineEndings(" "));
        Send($"{(isReady ? "READY=1\n" : "")}STATUS={status}");
    }

    /// <summary>It was asked to stop, and does.</summary>
    public void Stopping()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) == 0) Send("STOPPING=1\nSTATUS=stopping");
    }

    private bool MayShowProgress()
    {
        var (now, last) = (_clock.GetTimestamp(), Volatile.Read(ref _progress));
        return (last == 0 || _clock.GetElapsedTime(last, now) >= ProgressPause)
            && Interlocked.CompareExchange(ref _progress, now, last) == last;
    }

    private void Send(string state)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _manager);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The manager is gone or busy; it asks the kernel whether we live.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _alive?.Dispose();
        _socket.Dispose();
    }
}
