namespace BackupDistribuido.Core.Naming;

/// <summary>The role of a node.</summary>
public enum NodeRole
{
    /// <summary>Knows the members, plans deliveries, keeps the record.</summary>
    Coordinator,
    /// <summary>Owns a tree to protect.</summary>
    Origin,
    /// <summary>Keeps copies.</summary>
    Destination,
}

/// <summary>How programs name a role.</summary>
public static class NodeRoles
{
    /// <summary>The role in JSON output and tables.</summary>
    public static string Code(this NodeRole role) => role switch
    {
        NodeRole.Coordinator => "coordinator",
        NodeRole.Origin => "origin",
        _ => "destination",
    };
}
