namespace BackupDistribuido.Cli.Configuration;

/// <summary>Suggests the word that a user may have meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate nearest to <paramref name="text"/> by edit distance, or null where none is near (at most
    /// a third of its letters differ).</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates)
    {
        var (best, distance) = candidates.Select(candidate => (candidate, Distance: Distance(text, candidate)))
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault((null!, int.MaxValue));
        return distance <= Math.Max(1, text.Length / 3) ? best : null;
    }

    // Levenshtein's distance over one row: insertions, deletions and replacements that turn one text into the other.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
