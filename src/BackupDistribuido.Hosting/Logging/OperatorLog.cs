using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using BackupDistribuido.Actors.Remoting;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>
/// Passes Akka's log to ours, without remoting's internal messages: operators have our own lines for those.
/// </summary>
public sealed class OperatorLog : LoggerFactoryLogger
{
    /// <inheritdoc/>
    protected override void Log(LogEvent log, ActorPath path)
    {
        if (!RemotingLogFilter.IsChatter(log)) base.Log(log, path);
    }
}
