namespace BackupDistribuido.Record.Entries;

/// <summary>Times as the tables have them: milliseconds since 1970 in UTC.</summary>
internal static class DatabaseTime
{
    public static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset From(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time);
}
