namespace BackupDistribuido.Streams.Connections;

/// <summary>A cluster's key file cannot be used or made; the message says which, why, and what to do.</summary>
public sealed class ClusterKeyException(string message, Exception? cause = null) : Exception(message, cause);
