using System.Globalization;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Hosting.Events;

/// <summary>How values are written for people and in JSON, the same in every culture.</summary>
public static class Words
{
    /// <summary>A size in binary units with at most one decimal: <c>1.5 MiB</c>.</summary>
    public static string Bytes(double bytes) => Quantity.Bytes(bytes);

    /// <summary>A number and its noun: <c>1 file</c>, <c>50,000 files</c>.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? noun : Plural(noun))}");

    private static string Plural(string noun) =>
        noun is [.., not ('a' or 'e' or 'o' or 'u'), 'y'] ? noun[..^1] + "ies" : noun + "s";

    /// <summary>A time span in its two largest units: <c>45 s</c>, <c>3 min 20 s</c>, <c>2 h 05 min</c>.</summary>
    public static string Span(double seconds) => Quantity.Span(seconds);

    /// <summary>A time that has passed, as <see cref="Span"/> with days; never below 0, as clocks differ.</summary>
    public static string Ago(TimeSpan time) =>
        time.TotalDays >= 2 ? Count((long)time.TotalDays, "day") : Span(Math.Max(0, time.TotalSeconds));
}
