using Akka.Event;

namespace BackupDistribuido.Actors.Remoting;

/// <summary>
/// Keeps Akka.Remote's internal messages (gates, associations, stack traces of refused messages) out of an operator's
/// log: the transport and the serializers log the important ones themselves, in one line each.
/// </summary>
public sealed class RemotingLogFilter : LogFilterBase
{
    /// <inheritdoc/>
    public override LogFilterType FilterType => LogFilterType.Source;

    /// <summary>Whether a line is such talk. For loggers that do not look at Akka's filters by themselves, as
    /// Akka.Hosting's.</summary>
    public static bool IsChatter(LogEvent line) => Namespace(line) switch
    {
        // "remoting" and "remoting-terminator" log under no class of their own.
        "Akka.Event" =>
            line.LogLevel() < LogLevel.ErrorLevel || line.LogSource.StartsWith("remoting", StringComparison.Ordinal),
        var name when name.StartsWith("Akka.Remote", StringComparison.Ordinal) => true,
        var name when name.StartsWith("Akka", StringComparison.Ordinal) =>
            line.LogLevel() < LogLevel.WarningLevel || line.Cause?.GetType().Namespace == "Akka.Remote",
        _ => false,
    };

    private static string Namespace(LogEvent line) => line.LogClass?.Namespace ?? "";

    /// <inheritdoc/>
    public override LogFilterDecision ShouldKeepMessage(LogEvent content, string? expandedMessage = null) =>
        IsChatter(content) ? LogFilterDecision.Drop : LogFilterDecision.NoDecision;
}
