namespace BackupDistribuido.Hosting.Nodes;

/// <summary>How a node's connections are protected.</summary>
public abstract record NodeSecurity
{
    private NodeSecurity() { }

    /// <summary>Neither key nor permission: every address is loopback.</summary>
    public sealed record LoopbackOnly : NodeSecurity;

    /// <summary>TLS, pinned to the cluster's key in this file.</summary>
    public sealed record KeyFile(string Path) : NodeSecurity;

    /// <summary>No encryption beyond loopback, because the owner allowed it.</summary>
    public sealed record Insecure : NodeSecurity;
}
