using BackupDistribuido.Actors.Serialization;

namespace BackupDistribuido.Actors.Tests.Remoting;

internal static class TestTable
{
    public static MessageTable Messages { get; } = new(
        TestMessagesJson.Default,
        ("ping", typeof(Ping)),
        ("pong", typeof(Pong)),
        ("stored", typeof(Stored)));
}
