using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>Throw-away keys, each trusting itself only.</summary>
internal static class TestKeys
{
    public static LinkSecurity Cluster { get; } = New();

    public static LinkSecurity New()
    {
        var key = ClusterKey.Generate();
        return new LinkSecurity(key);
    }
}
