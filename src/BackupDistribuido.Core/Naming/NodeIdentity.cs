namespace BackupDistribuido.Core.Naming;

/// <summary>
/// A node's identity beyond its name. The <paramref name="Identity"/> owns the name (an origin's is its machine and
/// real path, a destination's an id in its root); a higher <paramref name="Incarnation"/> of the same identity is a
/// later incarnation of the same node.
/// </summary>
public sealed record NodeIdentity(NodeName Name, string Identity, long Incarnation);
