using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Delivery.Needs;

public class NeedSetTests
{
    private const long First = 5000;
    private const int Count = WireLimits.PageEntries;

    private static readonly Gen<NeedSet> Sets = Gen
        .Select(Gen.Long[First, First + Count - 1], Gen.OneOf(Gen.Const(0L), Gen.Long[0, long.MaxValue]),
            (entry, offset) => new Need(entry, offset))
        .Array[0, 200]
        .Select(needs => NeedSet.Of(needs.DistinctBy(n => n.Entry).OrderBy(n => n.Entry)));

    [Fact]
    public void Any_set_is_read_as_it_was_written() => Sets.Sample(set =>
    {
        Assert.True(NeedSet.TryParse(Text(set), First, Count, out var read, out _));
        Assert.Equal(set.Needs.AsEnumerable(), read.Needs);
    });

    [Fact]
    public void The_longest_text_is_within_its_limit()
    {
        var worst = NeedSet.Of(Enumerable.Range(0, Count)
            .Select(i => new Need(WireLimits.MaxEntry - Count + 1 + i, long.MaxValue)));
        Assert.InRange(Text(worst).Length, 1, WireLimits.NeedBytes);
    }

    [Fact]
    public void A_run_is_one_line() =>
        Assert.Equal("5000-5003\n5005\n5006 7\n",
            Encoding.ASCII.GetString(Text(NeedSet.Of([new(5000, 0), new(5001, 0), new(5002, 0), new(5003, 0),
                new(5005, 0), new(5006, 7)]))));

    [Fact]
    public void Merged_is_what_either_lacks_from_the_smaller_offset() => Gen.Select(Sets, Sets).Sample((a, b) =>
    {
        var merged = a.MergedWith(b);
        Assert.Equal(a.Needs.Concat(b.Needs).Select(n => n.Entry).Distinct().Order(),
            merged.Needs.Select(n => n.Entry));
        Assert.All(merged.Needs,
            n => Assert.Equal(Math.Min(a.OffsetOf(n.Entry) ?? long.MaxValue, b.OffsetOf(n.Entry) ?? long.MaxValue),
                n.Offset));
        Assert.Equal(merged.Needs.AsEnumerable(), b.MergedWith(a).Needs);
        Assert.Equal(a.Needs.AsEnumerable(), a.MergedWith(a).Needs);
        Assert.Equal(a.Needs.AsEnumerable(), a.MergedWith(NeedSet.Nothing).Needs);
    });

    [Theory]
    [InlineData("5000")]
    [InlineData("4999\n")]
    [InlineData("6024\n")]
    [InlineData("5000-6024\n")]
    [InlineData("5003-5001\n")]
    [InlineData("5001\n5001\n")]
    [InlineData("5001\n5000\n")]
    [InlineData("5000-5002\n5002\n")]
    [InlineData("5000-5002 7\n")]
    [InlineData("5000 7 8\n")]
    [InlineData("05000\n")]
    [InlineData("5000 -1\n")]
    [InlineData("5000 +1\n")]
    [InlineData("5000 9223372036854775808\n")]
    [InlineData("0-9223372036854775807\n")]
    [InlineData("5000-\n")]
    [InlineData("-5000\n")]
    [InlineData("\n")]
    [InlineData("all\n")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        Assert.False(NeedSet.TryParse(Encoding.ASCII.GetBytes(text), First, Count, out _, out var why));
        Assert.NotEmpty(why);
    }

    [Fact]
    public void Needs_must_grow()
    {
        Assert.Throws<ArgumentException>(() => NeedSet.Of([new(2, 0), new(1, 0)]));
        Assert.Throws<ArgumentException>(() => NeedSet.Of([new(2, 0), new(2, 5)]));
    }

    private static byte[] Text(NeedSet set)
    {
        var output = new ArrayBufferWriter<byte>();
        set.Write(output);
        return output.WrittenSpan.ToArray();
    }
}
