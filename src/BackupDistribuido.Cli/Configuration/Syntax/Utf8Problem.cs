using System.Text.Unicode;

namespace BackupDistribuido.Cli.Configuration.Syntax;

/// <summary>Finds bytes that are not UTF-8 in a text that should be.</summary>
internal static class Utf8Problem
{
    /// <summary>The first line, from 1, that is not UTF-8; null where all are. A file that begins with UTF-16's mark is
    /// none of ours to judge.</summary>
    public static int? LineOf(ReadOnlySpan<byte> text)
    {
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || Utf8.IsValid(text)) return null;
        var line = 1;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(text[range])) return line;
            line++;
        }
        return line;
    }
}
