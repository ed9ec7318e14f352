using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>
/// Closed by default: beyond loopback a node must have the cluster's key, or its owner must have allowed open access
/// explicitly.
/// </summary>
internal static class SecurityRule
{
    /// <summary>How a node with these addresses is protected.</summary>
    /// <exception cref="CommandFailure">It would be open without permission, or key and permission are both
    /// given.</exception>
    public static NodeSecurity Of(NodeConfiguration configuration, IReadOnlyList<NodeAddress> addresses)
    {
        var key = configuration.Find(Settings.Key);
        var insecure = configuration.Get(Settings.Insecure);
        if (key is not null && insecure)
        {
            // A flag wins over the file's other half of the choice; two of the same layer contradict each other.
            if (configuration.IsFlag(Settings.Key) == configuration.IsFlag(Settings.Insecure))
                throw CommandFailure.Usage(SettingReason.KeyAndInsecure(key));
            if (configuration.IsFlag(Settings.Insecure)) key = null;
        }
        if (key is not null)
        {
            if (!File.Exists(key)) throw CommandFailure.Usage(SettingReason.KeyMissing(key));
            return new NodeSecurity.KeyFile(Path.GetFullPath(key));
        }
        if (insecure) return new NodeSecurity.Insecure();
        return addresses.FirstOrDefault(address => !address.IsLoopback) is { } open
            ? throw CommandFailure.Usage(SettingReason.Open(open))
            : new NodeSecurity.LoopbackOnly();
    }
}
