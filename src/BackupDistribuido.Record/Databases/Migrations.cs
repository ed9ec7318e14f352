using System.Globalization;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Record.Databases;

/// <summary>
/// The numbered scripts <c>0001-….sql</c> of a kind of database, which lie in a folder of its name. A database keeps
/// the number of the last one that it went through; each is one transaction. A script that was released is never
/// changed: the next one is added.
/// </summary>
internal static class Migrations
{
    /// <summary>The scripts for that kind, in order.</summary>
    public static IReadOnlyList<(int Number, string Script)> Of(string kind) =>
    [
        .. typeof(Migrations).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith($"{kind}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name =>
                (int.Parse(name.AsSpan(kind.Length + 1, 4), NumberStyles.None, CultureInfo.InvariantCulture),
                    Read(name))),
    ];

    /// <summary>Those that a database at that version lacks.</summary>
    /// <exception cref="RecordException">It is newer than the last of them.</exception>
    public static IEnumerable<(int Number, string Script)> Lacking(IReadOnlyList<(int Number, string Script)> scripts,
        int version, string where) => version <= scripts[^1].Number
        ? scripts.Where(script => script.Number > version)
        : throw new RecordException(RecordReason.NewerVersion(where, version, scripts[^1].Number));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
