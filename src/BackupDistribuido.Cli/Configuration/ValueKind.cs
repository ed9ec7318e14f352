using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>How the text of a flag or of a HOCON value becomes a value.</summary>
/// <param name="Expected">The description of a valid value, to follow "is not".</param>
/// <param name="Example">A right value.</param>
/// <param name="Parse">The value; a <see cref="FormatException"/>, whose message may be shown, where the text is
/// none.</param>
internal sealed record ValueKind<T>(string Expected, string Example, Func<string, T> Parse);

/// <summary>The kinds of values that settings have.</summary>
internal static class ValueKind
{
    public static readonly ValueKind<string> Folder = new("a folder", "/srv/backups", NotEmpty);
    public static readonly ValueKind<string> File = new("a file", "/etc/bdist/cluster.key", NotEmpty);
    public static readonly ValueKind<string> Word = new("a word", "/usr/local/bin/tell", NotEmpty);
    public static readonly ValueKind<string> Connection = new("a connection string",
        "Host=db.example.org;Database=bdist;Username=bdist", text =>
            NotEmpty(text).Contains('=') ? text : throw new FormatException());
    public static readonly ValueKind<Uri> Url = new("a URL of http or https", "https://example.org/hook", text =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.UserInfo.Length == 0 ? url : throw new FormatException());
    public static readonly ValueKind<string> WebOrigin =
        new("an address as browsers name it, without a path", "https://backup.example.org", text =>
        Url.Parse(text) is { PathAndQuery: "/", Fragment.Length: 0 } ? text : throw new FormatException());
    public static readonly ValueKind<NodeName> Name =
        new("a name (1 to 64 of A-Z a-z 0-9 . _ -, no leading dot)", "office-nas", NodeName.Parse);
    public static readonly ValueKind<TimeSpan> Duration =
        new("a duration (a whole number and s, m or h)", "10m", Configuration.Duration.Parse);
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(400);
    public static readonly ValueKind<TimeSpan?> Period =
        new("off or a duration (a whole number and s, m, h or d)", "7d", text => text == "off" ? null
        : Configuration.Duration.Parse(text, LongestPeriod) is var period && period > TimeSpan.Zero
        ? period : throw new FormatException());
    public static readonly ValueKind<TimeSpan> Interval =
        new("a duration of at least a second (a whole number and s, m or h)", "1m",
            text => Configuration.Duration.Parse(text) is var interval && interval > TimeSpan.Zero
                ? interval : throw new FormatException());
    public static readonly ValueKind<Rate> Rate = new("a rate", "20MB/s", Core.Text.Rate.Parse);
    public static readonly ValueKind<bool> Switch = new("true or false", "true", text => text switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw new FormatException(),
    });

    public static readonly ValueKind<string> Pattern = new("a pattern", "*.tmp", text =>
        // Bytes of a command line that are not UTF-8 have become this character before we see them.
        text.Contains('\uFFFD', StringComparison.Ordinal)
            ? throw new FormatException($"'{text}' has bytes that are not UTF-8; write it to a file for --exclude-from")
        : Core.Patterns.Pattern.TryParse(Encoding.UTF8.GetBytes(text), out _, out var why)
        ? text : throw new FormatException($"'{text}': {why}"));

    public static readonly ValueKind<UiChoice> Ui =
        new("an address HOST:PORT, on, off or auto", "127.0.0.1:8080", UiChoice.Parse);
    public static readonly ValueKind<PasswordHash> PasswordHash =
        new("a password's hash, as 'bdist password' prints it", "pbkdf2-sha512$210000$…$…",
            Web.Access.PasswordHash.Parse);

    public static ValueKind<int> Number(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        Math.Max(min, 2).ToString(CultureInfo.InvariantCulture),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min
            && number <= max
            ? number
            : throw new FormatException());

    public static ValueKind<NodeAddress> Address(int? defaultPort, string example) => new(
        defaultPort is null ? "an address HOST:PORT" : "an address HOST or HOST:PORT", example,
        text => NodeAddress.TryParse(text, defaultPort, out var address, out var why)
            ? address : throw new BadTextException(why));

    public static ValueKind<T> OneOf<T>(string example, params (string Text, T Value)[] choices) => new(
        "one of " + string.Join(", ", choices.Select(choice => choice.Text)), example,
        text => Array.FindIndex(choices, choice => choice.Text == text) is >= 0 and var at
            ? choices[at].Value : throw new FormatException());

    private static string NotEmpty(string text) =>
        text.Length > 0 && !text.Contains('\0') ? text : throw new FormatException();
}
