using System.Runtime.InteropServices;
using BackupDistribuido.Core.Exits;

namespace BackupDistribuido.Cli.Running;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP (a closed terminal) into a cancellation. A second one ends the process at once, and
/// so does a stop that is not over after <see cref="Patience"/>.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    /// <summary>How long a node may take to stop.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<ExitCode> _endNow;
    private readonly Action<StopSignal> _hung;
    private readonly TimeSpan _patience;
    private int _signal = -1;

    /// <summary>Listens for signals. Neither action may return.</summary>
    /// <param name="endNow">There was a second signal.</param>
    /// <param name="hung">The stop that the signal requested has not finished in time. Called by a separate thread,
    /// because all others may be stuck.</param>
    /// <param name="patience">See <see cref="Patience"/>.</param>
    public StopRequest(Action<ExitCode> endNow, Action<StopSignal> hung, TimeSpan? patience = null)
    {
        (_endNow, _hung, _patience) = (endNow, hung, patience ?? Patience);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM,
            PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The first signal; null: none yet.</summary>
    public StopSignal? Signal => Volatile.Read(ref _signal) is >= 0 and var signal ? (StopSignal)signal : null;

    /// <summary>The exit code of a process that a signal ended.</summary>
    public static ExitCode CodeOf(StopSignal signal) =>
        signal == StopSignal.Interrupt ? ExitCode.Interrupted : ExitCode.Terminated;

    /// <summary>The effect of a signal; public so that a test can raise it.</summary>
    public void Raise(StopSignal signal)
    {
        if (Interlocked.CompareExchange(ref _signal, (int)signal, -1) == -1)
        {
            new Thread(() => Watch(signal)) { IsBackground = true, Name = "stop" }.Start();
            _stop.Cancel();
        }
        else
        {
            _endNow(CodeOf(signal));
        }
    }

    private void Watch(StopSignal signal)
    {
        if (!_over.Wait(_patience)) _hung(signal);
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        // A terminal that closes sends SIGHUP, and its shell may send SIGTERM after it: only a user who presses Ctrl-C
        // twice is in a hurry.
        var signal = context.Signal == PosixSignal.SIGINT ? StopSignal.Interrupt : StopSignal.Terminate;
        if (context.Signal == PosixSignal.SIGHUP && Signal is not null) return;
        Raise(signal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.Set();
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }
}
