using System.Collections.Immutable;
using System.Text;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Delivery.Needs;

public class NeedSetTests
{
    private const long First = 5000, Size = 1000;
    private const int Count = WireLimits.PageEntries;

    private static readonly PageOutline Page = PageOf(First, Size);

    private static readonly Gen<ByteRanges> Ranges = Gen.OneOf(
        Gen.Const(ByteRanges.Whole), Gen.Const(ByteRanges.DigestOnly), Gen.Long[0, Size - 1].Select(ByteRanges.From),
        Gen.Long[0, Size - 1].Array[1, 20].Select(RangesOf));

    private static readonly Gen<NeedSet> Sets = Gen
        .Select(Gen.Long[First, First + Count - 1], Ranges, (entry, ranges) => new Need(entry, ranges))
        .Array[0, 200]
        .Select(needs => NeedSet.Of(needs.DistinctBy(n => n.Entry).OrderBy(n => n.Entry)));

    [Fact]
    public void Any_set_is_read_as_it_was_written() => Sets.Sample(set =>
        Assert.Equal(set.Needs.AsEnumerable(), NeedText.Parse(NeedText.Write(set, Page).Span, Page).Needs));

    [Fact]
    public void In_version_1_a_file_is_asked_for_from_the_first_byte_that_is_lacked() => Sets.Sample(set =>
    {
        var read = NeedText.Parse(NeedText.Write(set, Page, 1).Span, Page, 1);

        Assert.Equal(set.Needs.Select(need => need with { Ranges = need.Ranges.FromFirst() }), read.Needs);
    });

    [Fact]
    public void The_longest_text_is_within_its_limit()
    {
        var page = PageOf(WireLimits.MaxEntry - Count + 1, long.MaxValue);
        var ranges = ByteRanges.Of([.. Enumerable.Range(0, WireLimits.Ranges)
            .Select(i => new ByteRange(long.MaxValue - 1000 + (2 * i), long.MaxValue - 999 + (2 * i)))]);
        var worst = NeedSet.Of(Enumerable.Range(0, Count).Select(i => new Need(page.First + i, ranges)));

        var text = NeedText.Write(worst, page);

        Assert.InRange(text.Length, 1, WireLimits.NeedBytes);
        Assert.Equal(worst.Needs.Select(need => need with { Ranges = ranges.FromFirst() }),
            NeedText.Parse(text.Span, page).Needs);
    }

    [Fact]
    public void A_run_is_one_line() =>
        Assert.Equal("5000-5003\n5005\n5006 7-\n5007 1-2,5-\n5008 -\n", Encoding.ASCII.GetString(NeedText.Write(
            NeedSet.Of([new(5000, 0), new(5001, 0), new(5002, 0), new(5003, 0), new(5005, 0), new(5006, 7),
                new(5007, ByteRanges.Of(new ByteRange(1, 2), new ByteRange(5, ByteRanges.End))),
                Need.OfDigest(5008)]), Page).Span));

    [Fact]
    public void Merged_is_what_either_lacks() => Gen.Select(Sets, Sets).Sample((a, b) =>
    {
        var merged = a.MergedWith(b);
        Assert.Equal(a.Needs.Concat(b.Needs).Select(n => n.Entry).Distinct().Order(),
            merged.Needs.Select(n => n.Entry));
        Assert.All(merged.Needs, need =>
        {
            for (var at = 0; at < Size; at++)
            {
                Assert.Equal(a.RangesOf(need.Entry)?.Overlaps(at, 1) == true
                    || b.RangesOf(need.Entry)?.Overlaps(at, 1) == true, need.Ranges.Overlaps(at, 1));
            }
        });
        Assert.Equal(merged.Needs.AsEnumerable(), b.MergedWith(a).Needs);
        Assert.Equal(a.Needs.AsEnumerable(), a.MergedWith(a).Needs);
        Assert.Equal(a.Needs.AsEnumerable(), a.MergedWith(NeedSet.Nothing).Needs);
    }, iter: 200);

    [Fact]
    public void A_union_of_very_many_ranges_has_fewer_and_leaves_nothing_out()
    {
        var odd =
            ByteRanges.Of([.. Enumerable.Range(0, WireLimits.Ranges).Select(i => new ByteRange(8 * i, (8 * i) + 1))]);
        var even = ByteRanges.Of(
            [.. Enumerable.Range(0, WireLimits.Ranges).Select(i => new ByteRange((8 * i) + 4, (8 * i) + 5))]);

        var union = odd.UnionWith(even);

        Assert.Equal(WireLimits.Ranges, union.Ranges.Length);
        Assert.All(odd.Ranges.Concat(even.Ranges), range => Assert.True(union.Overlaps(range.From, 1)));
    }

    [Fact]
    public void Where_a_byte_is_in_ranges_and_where_that_changes() => Gen.Select(Ranges, Gen.Long[0, Size - 1]).Sample(
        (ranges, at) =>
        {
            var (isLacked, border) = ranges.At(at);

            Assert.Equal(ranges.Overlaps(at, 1), isLacked);
            for (var next = at; next < Math.Min(border, Size); next++)
                Assert.Equal(isLacked, ranges.Overlaps(next, 1));
            if (border < Size) Assert.NotEqual(isLacked, ranges.Overlaps(border, 1));
        });

    [Theory]
    [InlineData("syntax", "5000")]
    [InlineData("order", "4999\n")]
    [InlineData("order", "6024\n")]
    [InlineData("order", "5000-6024\n")]
    [InlineData("syntax", "5003-5001\n")]
    [InlineData("syntax", "5001-5001\n")]
    [InlineData("syntax", "5001\n5001\n")]
    [InlineData("syntax", "5001\n5002\n")]
    [InlineData("syntax", "5001-5002\n5003-5004\n")]
    [InlineData("syntax", "5001\n5000\n")]
    [InlineData("syntax", "5000-5002\n5002\n")]
    [InlineData("syntax", "5000-5002 7-\n")]
    [InlineData("syntax", "5000 7- 8-\n")]
    [InlineData("syntax", "5000 7\n")]
    [InlineData("syntax", "5000 0-\n")]
    [InlineData("syntax", "5000 7-7\n")]
    [InlineData("syntax", "5000 7-9,9-10\n")]
    [InlineData("syntax", "5000 7-9,8-10\n")]
    [InlineData("syntax", "5000 7-,9-10\n")]
    [InlineData("syntax", "5000 7-9,\n")]
    [InlineData("syntax", "5000 ,7-9\n")]
    [InlineData("syntax", "5000 07-9\n")]
    [InlineData("syntax", "5000 -9\n")]
    [InlineData("syntax", "5000 --\n")]
    [InlineData("order", "5000 7-1000\n")]
    [InlineData("order", "5000 7-1001\n")]
    [InlineData("order", "5000 1000-\n")]
    [InlineData("order", "5000 1-2,1000-\n")]
    [InlineData("syntax", "05000\n")]
    [InlineData("syntax", "5000 -1\n")]
    [InlineData("syntax", "5000 +1-\n")]
    [InlineData("syntax", "5000 9223372036854775807-\n")]
    [InlineData("syntax", "5000 9223372036854775808-\n")]
    [InlineData("syntax", "0-9223372036854775807\n")]
    [InlineData("syntax", "5000-\n")]
    [InlineData("syntax", "-5000\n")]
    [InlineData("syntax", "\n")]
    [InlineData("syntax", "all\n")]
    public void Anything_else_is_refused_with_a_reason(string code, string text)
    {
        var refusal = Assert.Throws<ProtocolException>(() => NeedText.Parse(Encoding.ASCII.GetBytes(text), Page));
        Assert.Equal(code, ErrorCodes.Spell(refusal.Code));
        Assert.NotEmpty(refusal.Reason.ToString());
    }

    [Fact]
    public void Only_files_that_have_content_are_needed()
    {
        var lines = Encoding.ASCII.GetBytes(
            "d 755 0 0 0.000000000 - a\nf 644 0 0 0.000000000 - 0 0.000000000 1 - a/b\nh 1 c\n! vanished d\n");
        var page = PageOutline.Of(new PageFrame(0, 7, 4, lines.Length), lines);

        foreach (var entry in Enumerable.Range(7, 4))
        {
            Assert.Equal(ErrorCode.Order, Assert.Throws<ProtocolException>(() =>
                NeedText.Parse(Encoding.ASCII.GetBytes($"{entry}\n"), page)).Code);
        }
    }

    [Theory]
    [InlineData("5000 1000\n", true)]
    [InlineData("5000 7\n", true)]
    [InlineData("5000 1001\n", false)]
    [InlineData("5000 0\n", false)]
    [InlineData("5000 7-\n", false)]
    public void In_version_1_an_offset_is_within_the_file(string text, bool isRight)
    {
        var parse = () => { NeedText.Parse(Encoding.ASCII.GetBytes(text), Page, 1); };
        if (isRight) parse();
        else Assert.Throws<ProtocolException>(parse);
    }

    [Fact]
    public void Needs_must_grow()
    {
        Assert.Throws<ArgumentException>(() => NeedSet.Of([new(2, 0), new(1, 0)]));
        Assert.Throws<ArgumentException>(() => NeedSet.Of([new(2, 0), new(2, 5)]));
        Assert.Throws<ArgumentException>(() => ByteRanges.Of(new ByteRange(3, 5), new ByteRange(5, 7)));
        Assert.Throws<ArgumentException>(() => ByteRanges.Of(new ByteRange(3, 3)));
    }

    // Borders in pairs: every second stretch between them, and now and then one that reaches to the end.
    private static ByteRanges RangesOf(long[] borders)
    {
        var sorted = borders.Distinct().Order().ToArray();
        var ranges = Enumerable.Range(0, (sorted.Length + 1) / 2).Select(i => new ByteRange(sorted[2 * i],
            (2 * i) + 1 < sorted.Length ? sorted[(2 * i) + 1] : ByteRanges.End)).ToImmutableArray();
        return ranges is [{ From: 0, To: ByteRanges.End }] ? ByteRanges.Whole : ByteRanges.Of(ranges);
    }

    private static PageOutline PageOf(long first, long size)
    {
        var lines = string.Concat(Enumerable.Range(0, Count)
            .Select(i => $"f 644 0 0 0.000000000 - {size} 0.000000000 1 - {i}\n"));
        return PageOutline.Of(new PageFrame(0, first, Count, lines.Length), Encoding.ASCII.GetBytes(lines));
    }
}
