namespace BackupDistribuido.Streams.Connections;

/// <summary>Links are closed to strangers: TLS 1.3 (<see cref="ClusterTls"/>) with this key at both sides.</summary>
public sealed record LinkSecurity(ClusterKey Key);
