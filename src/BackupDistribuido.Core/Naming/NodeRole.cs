namespace BackupDistribuido.Core.Naming;

/// <summary>What a node is.</summary>
public enum NodeRole
{
    /// <summary>Knows the members, plans deliveries, keeps the record.</summary>
    Coordinator,
    /// <summary>Owns a tree to protect.</summary>
    Origin,
    /// <summary>Keeps copies.</summary>
    Destination,
}
