namespace BackupDistribuido.Actors;

/// <summary>Host to a node's actor: tell the coordinator that this node leaves. Answered by the same.</summary>
internal sealed record NodeLeaves;
