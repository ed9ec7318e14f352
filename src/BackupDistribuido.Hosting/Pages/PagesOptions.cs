using BackupDistribuido.Core.Events;
using BackupDistribuido.Web.Access;
using BackupDistribuido.Web.Metrics;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Hosting.Pages;

/// <summary>The settings of a node's pages.</summary>
/// <param name="Ui">Whether there are any, and where.</param>
/// <param name="Password">Opens them; beyond loopback it is needed.</param>
/// <param name="MetricsKey">What programs that read a coordinator's metrics show; null: these are behind the pages'
/// door.</param>
public sealed record PagesOptions(UiChoice Ui, PasswordHash? Password, MetricsKey? MetricsKey = null)
{
    /// <summary>Addresses under which a proxy shows them.</summary>
    public IReadOnlyList<Uri> Origins { get; init; } = [];

    /// <summary>Whether the password may cross a network unencrypted.</summary>
    public bool MayBePlain { get; init; }

    /// <summary>None.</summary>
    public static readonly PagesOptions None = new(new UiChoice.Off(), null);
}

/// <summary>What a node's pages get in addition to the data that they show.</summary>
/// <param name="Wish">The settings of the pages.</param>
/// <param name="Loggers">Gets what goes wrong.</param>
/// <param name="Report">Takes events for the owner, from any thread.</param>
public sealed record PagesContext(PagesOptions Wish, ILoggerFactory Loggers, Action<NodeEvent> Report);
