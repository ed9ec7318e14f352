using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Hosting.Control;

/// <summary>The form of a node's page, as its settings. An empty field is not set, even if a file sets it.</summary>
public interface INodeChoices<TSettings>
{
    /// <summary>The file in which they are kept.</summary>
    string KeptIn { get; }

    /// <summary>Checks them.</summary>
    /// <exception cref="CommandFailure">They are not right, with the reason.</exception>
    (TSettings Settings, NodeSecurity Security) Read(NodeSetup setup);

    /// <summary>Keeps them for the node's next start, in place of those that were kept before.</summary>
    /// <exception cref="CommandFailure">They can't be kept, with the reason.</exception>
    void Keep(NodeSetup setup);
}
