using System.Globalization;
using BackupDistribuido.Core.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>A log event as one line, and its exception in full below where <paramref name="exceptions"/> are wanted.
/// Logs are read on terminals: nothing that another node sent moves their cursor or looks like a line of
/// ours.</summary>
internal sealed class LogLines(bool exceptions) : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _formatter =
        new("{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} node={Node} run={Run} epoch={Epoch} {Message:lj}",
            CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _formatter.Format(logEvent, line);
        var text = HarmlessText.Of(line.ToString().ReplaceLineEndings(" ")) + "\n";
        if (exceptions && logEvent.Exception is { } problem) text += HarmlessText.Of(problem.ToString()) + "\n";
        output.Write(text);
    }
}
