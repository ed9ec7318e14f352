using System.Globalization;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Web.Pages;

/// <summary>Numbers as the page shows them, with the decimal sign of its language, whatever the machine's
/// culture.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size in binary units: <c>1.5 MiB</c>, <c>1,5 MiB</c>.</summary>
    public static string Bytes(long bytes, Language language)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1023.95 && unit < Units.Length - 1; unit++) value /= 1024;
        var text = value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture);
        return $"{(language == Language.Spanish ? text.Replace('.', ',') : text)} {Units[unit]}";
    }

    /// <summary>How long something has lasted, in its largest unit or two: <c>45 s</c>, <c>3 min</c>, <c>2 h 05
    /// min</c>, <c>4 d 03 h</c>. A clock that went back gives 0 s.</summary>
    public static string Span(TimeSpan span) => Math.Max(0, (long)span.TotalSeconds) switch
    {
        < 60 and var s => Invariant($"{s} s"),
        < 3600 and var s => Invariant($"{s / 60} min"),
        < 86_400 and var s => Invariant($"{s / 3600} h {s / 60 % 60:00} min"),
        var s => Invariant($"{s / 86_400} d {s / 3600 % 24:00} h"),
    };

    /// <summary>
    /// The duration of a run, with tenths if it is short: <c>0.4 s</c>, <c>0,4 s</c>, <c>45 s</c>. Never 0.
    /// </summary>
    public static string Duration(double seconds, Language language)
    {
        if (seconds >= 9.95) return Span(TimeSpan.FromSeconds(Math.Round(seconds)));
        var text = Math.Max(0.1, seconds).ToString("0.0", CultureInfo.InvariantCulture);
        return $"{(language == Language.Spanish ? text.Replace('.', ',') : text)} s";
    }

    /// <summary>A count with its thousands parted: <c>1,234,567</c>, <c>1.234.567</c>.</summary>
    public static string Number(long number, Language language)
    {
        var text = number.ToString("#,0", CultureInfo.InvariantCulture);
        return language == Language.Spanish ? text.Replace(',', '.') : text;
    }

    /// <summary>Done of total in whole percent, 0 to 100; an empty total is all done.</summary>
    public static int Percent(long done, long total) =>
        total <= 0 ? 100 : (int)Math.Clamp(done * 100.0 / total, 0, 100);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
