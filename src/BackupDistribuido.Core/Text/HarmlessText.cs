using System.Globalization;
using System.Text;

namespace BackupDistribuido.Core.Text;

/// <summary>
/// Text of other nodes as a terminal may have it: what would move its cursor, change its colours or turn the direction
/// of letters is spelled out, and all else stays as it is. Line feeds and tabs stay too: where a text has to be one
/// line, its lines are joined before.
/// </summary>
public static class HarmlessText
{
    /// <summary>Each misleading character as the bytes of its UTF-8, percent-encoded.</summary>
    public static string Of(string text) => Spelled(text, static (output, letter) =>
    {
        Span<byte> bytes = stackalloc byte[3];
        foreach (var b in bytes[..Encoding.UTF8.GetBytes([letter], bytes)])
            output.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
    });

    /// <summary>JSON with the same meaning: each misleading character within its strings as an escape.</summary>
    public static string OfJson(string json) =>
        Spelled(json, static (output, letter) => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"));

    private static string Spelled(string text, Action<StringBuilder, char> spell)
    {
        var at = text.AsSpan().IndexOfAny(PathText.Misleading);
        if (at < 0) return text;
        var output = new StringBuilder(text, 0, at, text.Length + 64);
        foreach (var letter in text.AsSpan(at))
        {
            if (letter is not ('\n' or '\t') && PathText.Misleading.Contains(letter)) spell(output, letter);
            else output.Append(letter);
        }
        return output.ToString();
    }
}
