using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Web.Access;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Cli.Nodes;

/// <summary>What the owner wants of a node's pages.</summary>
/// <param name="Ui">Whether there are any, and where.</param>
/// <param name="Password">Opens them; beyond loopback it is needed.</param>
/// <param name="MetricsKey">What programs that read a coordinator's metrics show; null: these are behind the pages'
/// door.</param>
public sealed record PagesWish(UiChoice Ui, PasswordHash? Password, MetricsKey? MetricsKey = null)
{
    /// <summary>Addresses under which a proxy shows them.</summary>
    public IReadOnlyList<Uri> Origins { get; init; } = [];

    /// <summary>Whether the password may cross a network unencrypted.</summary>
    public bool MayBePlain { get; init; }

    /// <summary>None.</summary>
    public static readonly PagesWish None = new(new UiChoice.Off(), null);
}
