using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Core.Trees.Lines;

/// <summary>Several entries, one line each: the payload of a manifest page, and the body of a manifest.</summary>
public static class EntryLines
{
    private const int UsualLineBytes = 128;

    /// <summary>The lines of <paramref name="entries"/>, each with its LF.</summary>
    public static ReadOnlyMemory<byte> Write(ReadOnlySpan<Entry> entries)
    {
        var lines = new ArrayBufferWriter<byte>(UsualLineBytes * (entries.Length + 1));
        foreach (var entry in entries) EntryLine.Write(entry, lines);
        return lines.WrittenMemory;
    }

    /// <summary>
    /// Parses exactly <paramref name="count"/> lines, each ended by LF, nothing after them. <paramref name="why"/>
    /// names the line, counted from 1, and what is wrong with it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, int count, [NotNullWhen(true)] out Entry[]? entries,
        [NotNullWhen(false)] out string? why)
    {
        entries = null;
        // A line has at least six bytes, so the count is bounded by bytes that are really there before anything is
        // allocated.
        if (count < 0 || count > text.Length / 6)
        {
            why = $"{text.Length} bytes can't be {count} entries";
            return false;
        }
        var parsed = new Entry[count];
        for (var i = 0; i < count; i++)
        {
            var end = text.IndexOf((byte)'\n');
            why = end < 0 ? $"entry line {i + 1} has no end" : null;
            if (why is not null) return false;
            if (!EntryLine.TryParse(text[..end], out var entry, out var problem))
            {
                why = $"entry line {i + 1}: {problem}";
                return false;
            }
            parsed[i] = entry;
            text = text[(end + 1)..];
        }
        why = text.IsEmpty ? null : $"{text.Length} bytes after the last entry";
        if (why is not null) return false;
        entries = parsed;
        return true;
    }
}
