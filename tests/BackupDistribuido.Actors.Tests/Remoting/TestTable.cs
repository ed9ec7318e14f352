using BackupDistribuido.Actors.Serialization;

namespace BackupDistribuido.Actors.Tests.Remoting;

internal static class TestTable
{
    public static MessageTable Messages { get; } = new(
        ("ping", TestMessagesJson.Default.Ping),
        ("pong", TestMessagesJson.Default.Pong),
        ("stored", TestMessagesJson.Default.Stored));
}
