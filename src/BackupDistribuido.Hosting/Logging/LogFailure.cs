using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>Reports once that the log can't be written; the node goes on.</summary>
internal sealed class LogFailure(Action<string> say) : ILoggingFailureListener
{
    private int _isSaid;

    /// <inheritdoc/>
    public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message,
        IReadOnlyCollection<LogEvent>? events, Exception? exception) => Failed(exception?.Message ?? message);

    /// <summary>The log can't be written, for this reason.</summary>
    public void Failed(string reason)
    {
        if (Interlocked.Exchange(ref _isSaid, 1) == 0) say($"the log can't be written: {reason}; going on without it");
    }
}
