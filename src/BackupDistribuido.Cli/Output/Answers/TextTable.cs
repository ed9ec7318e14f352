using System.Text;

namespace BackupDistribuido.Cli.Output.Answers;

/// <summary>A table with a title, its columns as wide as they have to be.</summary>
internal static class TextTable
{
    /// <summary>
    /// Appends the table; <paramref name="none"/> replaces it if there are no rows. An empty title is left out.
    /// </summary>
    public static void Append(StringBuilder text, string title, string none, string[] heads, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (title.Length > 0) text.Append('\n').Append(title).Append('\n');
        var indent = title.Length > 0 ? "  " : "";
        if (all.Count == 0)
        {
            text.Append(indent).Append(none).Append('\n');
            return;
        }
        all.Insert(0, heads);
        var widths = heads.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            text.Append(indent)
                .Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())
                .Append('\n');
    }
}
