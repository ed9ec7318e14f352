using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using BackupDistribuido.Actors.Remoting;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>Akka's log into ours, without what remoting says to itself: an operator has our own lines for
/// that.</summary>
public sealed class OperatorLog : LoggerFactoryLogger
{
    /// <inheritdoc/>
    protected override void Log(LogEvent log, ActorPath path)
    {
        if (!RemotingLogFilter.IsChatter(log)) base.Log(log, path);
    }
}
