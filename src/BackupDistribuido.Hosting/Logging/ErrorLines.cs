using Serilog.Core;
using Serilog.Events;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>Writes log lines to standard error. Exceptions in full stand in the file only: a terminal gets their
/// message.</summary>
internal sealed class ErrorLines(TextWriter error) : ILogEventSink
{
    private readonly LogLines _lines = new(exceptions: false);

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        // The command prints its own messages without the log.
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
            && source is ScalarValue { Value: NodeLogs.Command }) return;
        lock (error) _lines.Format(logEvent, error);
    }
}
