using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace BackupDistribuido.Record.Databases.Sqlite;

/// <summary>
/// The numbered scripts <c>0001-….sql</c> of this folder. A database's <c>user_version</c> is the number of the last one that it went through; each is one transaction. A script that
/// was released is never changed: the next one is added.
/// </summary>
internal static class SqliteMigrations
{
    private const string Prefix = "sqlite/";

    /// <summary>The scripts, in order.</summary>
    public static IReadOnlyList<(int Number, string Script)> All { get; } =
    [
        .. typeof(SqliteMigrations).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(Prefix.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture), Read(name))),
    ];

    /// <summary>Takes a database through what it lacks of <paramref name="scripts"/>.</summary>
    /// <exception cref="RecordException">It is newer than the last of them.</exception>
    public static void Run(SqliteConnection connection, IReadOnlyList<(int Number, string Script)> scripts)
    {
        var version = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (version > scripts[^1].Number)
            throw new RecordException(string.Create(CultureInfo.InvariantCulture,
                $"{connection.DataSource} was written by a newer bdist (its tables are version {version}, this one knows {scripts[^1].Number}); use that one, or another folder"));
        foreach (var (number, script) in scripts.Where(script => script.Number > version))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(script, transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(SqliteMigrations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
