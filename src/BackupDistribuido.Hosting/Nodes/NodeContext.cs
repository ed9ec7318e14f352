using Akka.Configuration;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting.Pages;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>What every node is given besides its settings.</summary>
/// <param name="Security">How its connections are protected.</param>
/// <param name="Report">Takes events for the owner. It may be called from any thread, and never blocks.</param>
/// <param name="Loggers">Logs of the node and of Akka; see <see cref="Logging.NodeLogs"/> for the properties of a
/// line.</param>
/// <param name="AkkaOverrides">The owner's <c>akka { … }</c>, over the node's own Akka settings; may be empty.</param>
public sealed record NodeContext(NodeSecurity Security, Action<NodeEvent> Report, ILoggerFactory Loggers,
    Config AkkaOverrides)
{
    /// <summary>What pages it shall have.</summary>
    public PagesOptions Pages { get; init; } = PagesOptions.None;

    /// <summary>What its pages are given.</summary>
    public PagesContext OfPages => new(Pages, Loggers, Report);
}
