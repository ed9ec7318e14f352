using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>Throw-away keys, each trusting itself only.</summary>
internal static class TestKeys
{
    public static ClusterKey Cluster { get; } = New();

    public static ClusterKey New() => ClusterKey.Generate();
}
