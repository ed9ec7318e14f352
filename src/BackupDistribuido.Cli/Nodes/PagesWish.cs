using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Cli.Nodes;

/// <summary>What the owner wants of a node's pages.</summary>
/// <param name="Ui">Whether there are any, and where.</param>
/// <param name="Password">Opens them; beyond loopback it is needed.</param>
/// <param name="Token">The key in their address, and what programs show; null: a new one at each start.</param>
public sealed record PagesWish(UiChoice Ui, PasswordHash? Password, AccessToken? Token = null)
{
    /// <summary>None.</summary>
    public static readonly PagesWish None = new(new UiChoice.Off(), null);
}
