namespace BackupDistribuido.Core.Naming;

/// <summary>
/// Who a node is beyond its name. The <paramref name="Identity"/> owns the name (an origin's is its machine and real
/// path, a destination's an id kept in its root); a higher <paramref name="Incarnation"/> of the same identity is a
/// newer life of the same node.
/// </summary>
public sealed record NodeIdentity(NodeName Name, string Identity, long Incarnation);
