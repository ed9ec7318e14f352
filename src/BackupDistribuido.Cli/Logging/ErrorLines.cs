using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace BackupDistribuido.Cli.Logging;

/// <summary>Writes log lines to standard error. Exceptions in full stand in the file only: a terminal gets their message.</summary>
internal sealed class ErrorLines(TextWriter error, string template) : ILogEventSink
{
    private readonly MessageTemplateTextFormatter _formatter = new(template.Replace("{Exception}", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        // What the command itself has to say is said without the log.
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source) && source is ScalarValue { Value: NodeLogs.Command }) return;
        lock (error) _formatter.Format(logEvent, error);
    }
}
