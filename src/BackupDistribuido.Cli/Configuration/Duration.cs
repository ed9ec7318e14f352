using System.Globalization;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>Durations as people write them: a whole number and a unit (<c>30s</c>, <c>10m</c>, <c>2h</c>, <c>7d</c>),
/// at most <see cref="Max"/>.</summary>
internal static class Duration
{
    /// <summary>Longest duration: 20 days, less than the maximum of a .NET timer.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(20);

    /// <summary>Parses a duration.</summary>
    /// <exception cref="FormatException">It is none, or longer than <see cref="Max"/>.</exception>
    public static TimeSpan Parse(string text) => Parse(text, Max);

    /// <summary>Parses one that no timer waits for as a whole.</summary>
    /// <exception cref="FormatException">It is none, or longer than <paramref name="max"/>.</exception>
    public static TimeSpan Parse(string text, TimeSpan max)
    {
        if (text.Length < 2
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number))
            throw new FormatException();
        long seconds =
            text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => throw new FormatException() };
        return number <= (long)max.TotalSeconds / seconds
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new FormatException($"'{text}' is longer than {(long)max.TotalHours}h");
    }
}
