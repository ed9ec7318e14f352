using System.Runtime.InteropServices;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Hosting;

/// <summary>Turns SIGINT, SIGTERM and SIGHUP (a closed terminal) into a cancellation; a second one ends the process at once.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<ExitCode> _endNow;
    private int _signal = -1;

    /// <summary>Listens for signals. <paramref name="endNow"/> must not return.</summary>
    public StopRequest(Action<ExitCode> endNow)
    {
        _endNow = endNow;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The first signal; null: none yet.</summary>
    public StopSignal? Signal => Volatile.Read(ref _signal) is >= 0 and var signal ? (StopSignal)signal : null;

    /// <summary>What a signal does; public so that it can be raised without one.</summary>
    public void Raise(StopSignal signal)
    {
        if (Interlocked.CompareExchange(ref _signal, (int)signal, -1) == -1) _stop.Cancel();
        else _endNow(signal == StopSignal.Interrupt ? ExitCode.Interrupted : ExitCode.Terminated);
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        // A terminal that closes sends SIGHUP, and its shell may send SIGTERM after it: only people who press Ctrl-C twice are in a hurry.
        var signal = context.Signal == PosixSignal.SIGINT ? StopSignal.Interrupt : StopSignal.Terminate;
        if (context.Signal == PosixSignal.SIGHUP && Signal is not null) return;
        Raise(signal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }
}
