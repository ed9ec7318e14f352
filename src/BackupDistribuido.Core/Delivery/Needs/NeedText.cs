using System.Buffers;
using System.Collections.Immutable;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>
/// Needs as they are on the wire (docs/protocol.md, "Need lines"): a line for each run of files that are lacked as a
/// whole, a line for each other file. In version 1 a file is lacked from an offset on, which is its size where only the
/// digest is.
/// </summary>
public static class NeedText
{
    /// <summary>Writes the needs of a page, within <see cref="WireLimits.NeedBytes"/>: where they have too many ranges
    /// more is asked for than is lacked.</summary>
    public static ReadOnlyMemory<byte> Write(NeedSet needs, PageOutline page, int version = LinkProfile.NewestVersion)
    {
        var text = new ArrayBufferWriter<byte>();
        Write(needs, page, version, isShort: false, text);
        if (text.WrittenCount <= WireLimits.NeedBytes) return text.WrittenMemory;
        text.Clear();
        Write(needs, page, version, isShort: true, text);
        return text.WrittenMemory;
    }

    private static void Write(NeedSet set, PageOutline page, int version, bool isShort, IBufferWriter<byte> output)
    {
        var needs = set.Needs;
        for (var i = 0; i < needs.Length; i++)
        {
            var line = new FieldWriter(output);
            line.Field(needs[i].Entry);
            if (needs[i].Offset == 0 && (version < 2 || isShort || needs[i].Ranges.IsWhole))
            {
                var last = i;
                while (last + 1 < needs.Length && needs[last + 1].Entry == needs[last].Entry + 1
                    && needs[last + 1].Offset == 0
                    && (version < 2 || isShort || needs[last + 1].Ranges.IsWhole)) last++;
                if (last > i) WriteLast(needs[last].Entry, output);
                i = last;
            }
            else if (version < 2) line.Field(Math.Min(needs[i].Offset, page.SizeOf(needs[i].Entry)));
            else WriteRanges(isShort ? needs[i].Ranges.FromFirst() : needs[i].Ranges, output);
            output.Write("\n"u8);
        }
    }

    private static void WriteLast(long entry, IBufferWriter<byte> output)
    {
        output.Write("-"u8);
        var last = new FieldWriter(output);
        last.Field(entry);
    }

    private static void WriteRanges(ByteRanges ranges, IBufferWriter<byte> output)
    {
        output.Write(" "u8);
        if (ranges.Ranges.IsEmpty) output.Write("-"u8);
        else ranges.Write(output);
    }

    /// <summary>Parses the needs of an announced page; no more than it has entries are ever allocated.</summary>
    /// <exception cref="ProtocolException">The text is not spelled as it must be, or needs are not in the page or its
    /// files.</exception>
    public static NeedSet Parse(ReadOnlySpan<byte> text, PageOutline page, int version = LinkProfile.NewestVersion)
    {
        var parsed = ImmutableArray.CreateBuilder<Need>();
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            if (end < 0) throw Malformed(page, "a line has no end");
            ReadLine(text[..end], page, version, parsed);
            text = text[(end + 1)..];
        }
        return NeedSet.Of(parsed);
    }

    private static void ReadLine(
        ReadOnlySpan<byte> line, PageOutline page, int version, ImmutableArray<Need>.Builder parsed)
    {
        var fields = new FieldReader(line);
        var word = fields.Word();
        var dash = word.IndexOf((byte)'-');
        var from = new FieldReader(dash < 0 ? word : word[..dash]);
        var first = from.Number(WireLimits.MaxEntry);
        var last = dash < 0 || from.Failed ? first : Number(word[(dash + 1)..], page);
        if ((fields.Problem ?? from.Problem) is { } problem) throw Malformed(page, problem);
        if (dash >= 0 && last <= first) throw Malformed(page, $"'{first}-{last}' is no run of files");
        if (parsed.Count > 0 && first <= parsed[^1].Entry) throw Malformed(page, $"file {first} does not grow");
        if (!page.Has(first) || !page.Has(last)) throw Outside(page, first, last);
        var isWhole = fields.AtEnd;
        if (isWhole && parsed.Count > 0 && first == parsed[^1].Entry + 1 && parsed[^1].Ranges.IsWhole)
            throw Malformed(page, $"file {first} belongs to the line before");
        if (!isWhole && dash >= 0) throw Malformed(page, "a run of files has no ranges");
        for (var entry = first; entry <= last; entry++)
        {
            if (page.SizeOf(entry) == 0) throw Outside(page, entry, entry);
            parsed.Add(new Need(entry, isWhole ? ByteRanges.Whole : version < 2
                ? Offset(ref fields, entry, page) : Ranges(ref fields, entry, page)));
        }
        if (!fields.AtEnd) throw Malformed(page, "more fields than expected");
    }

    private static ByteRanges Ranges(ref FieldReader fields, long entry, PageOutline page)
    {
        var word = fields.Word();
        if (word is [(byte)'-']) return ByteRanges.DigestOnly;
        if (!ByteRanges.TryParse(word, out var ranges, out var why)) throw Malformed(page, why);
        if (ranges.IsWhole) throw Malformed(page, "'0-' is a whole file");
        if (ranges.Fit(page.SizeOf(entry))) return ranges;
        throw new ProtocolException(ErrorCode.Order,
            $"needs of page {page.Page}: '{ranges}' is not within file {entry}");
    }

    private static ByteRanges Offset(ref FieldReader fields, long entry, PageOutline page)
    {
        var (offset, size) = (fields.Number(long.MaxValue), page.SizeOf(entry));
        if (fields.Failed || offset == 0) throw Malformed(page, fields.Problem ?? "'0' is a whole file");
        if (offset > size)
            throw new ProtocolException(ErrorCode.Order,
                $"needs of page {page.Page}: {offset} is not within file {entry}");
        return offset == size ? ByteRanges.DigestOnly : ByteRanges.From(offset);
    }

    private static long Number(ReadOnlySpan<byte> word, PageOutline page)
    {
        var to = new FieldReader(word);
        var number = to.Number(WireLimits.MaxEntry);
        return to.Failed ? throw Malformed(page, to.Problem!) : number;
    }

    private static ProtocolException Malformed(PageOutline page, string why) =>
        new(ErrorCode.Syntax, $"needs of page {page.Page}: {why}");

    private static ProtocolException Outside(PageOutline page, long first, long last) => new(ErrorCode.Order,
        $"needs of page {page.Page}: {first}-{last} are no files of it that have content");
}
