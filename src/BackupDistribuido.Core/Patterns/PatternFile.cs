using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Core.Patterns;

/// <summary>
/// A file of patterns, one per line, as git reads a <c>.gitignore</c>: lines end in LF or CR LF, empty ones and those
/// that begin with <c>#</c> are ignored, spaces at the end don't count unless a backslash precedes them, and a byte
/// order mark is skipped.
/// </summary>
public static class PatternFile
{
    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads a file's content. Where it is wrong, <paramref name="why"/> says so, and <paramref name="line"/>
    /// (from 1) where.</summary>
    public static bool TryParse(ReadOnlySpan<byte> content, out IReadOnlyList<Pattern> patterns, out int line,
        [NotNullWhen(false)] out string? why)
    {
        var read = new List<Pattern>();
        (patterns, line, why) = (read, 0, null);
        var mark = "\uFEFF"u8;
        if (content.StartsWith(mark)) content = content[mark.Length..];
        foreach (var range in content.Split((byte)'\n'))
        {
            line++;
            var text = content[range];
            if (text is [.., (byte)'\r']) text = text[..^1];
            text = WithoutTrailingSpaces(text);
            if (text is [] or [(byte)'#', ..]) continue;
            if (!Pattern.TryParse(text, out var pattern, out why)) return false;
            read.Add(pattern);
        }
        return true;
    }

    private static ReadOnlySpan<byte> WithoutTrailingSpaces(ReadOnlySpan<byte> text)
    {
        var end = 0;
        for (var at = 0; at < text.Length; at++)
        {
            // The byte behind a backslash counts, whatever it is.
            if (text[at] == (byte)'\\') end = Math.Min(++at + 1, text.Length);
            else if (text[at] != (byte)' ') end = at + 1;
        }
        return text[..end];
    }
}
