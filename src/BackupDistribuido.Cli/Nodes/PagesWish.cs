using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Cli.Nodes;

/// <summary>What the owner wants of a node's pages.</summary>
/// <param name="Ui">Whether there are any, and where.</param>
/// <param name="Password">Opens them; beyond loopback it is needed.</param>
public sealed record PagesWish(UiChoice Ui, PasswordHash? Password)
{
    /// <summary>None.</summary>
    public static readonly PagesWish None = new(new UiChoice.Off(), null);
}
