using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Scan, pages, needs, content, staging and publishing, without sockets.</summary>
public sealed class ReplicaRoundTripTests
{
    [Fact]
    public void A_tree_arrives_as_it_is()
    {
        using var link = new HandLink(source =>
        {
            Directory.CreateDirectory(Path.Combine(source, "d", "empty"));
            File.WriteAllBytes(Path.Combine(source, "d", "big"), Content(700_000, 1));
            File.WriteAllText(Path.Combine(source, "d", "small"), "small");
            File.WriteAllText(Path.Combine(source, "nothing"), "");
            File.CreateSymbolicLink(Path.Combine(source, "link"), "nowhere");
        });

        Assert.True(link.Run());

        Assert.Equal(link.Tree.Seal!.Digest, link.Replica.Seal!.Value.Digest);
        Assert.Equal(new TreeTotals(7, 3, 700_005), link.Tree.Seal.Totals);
        link.PublishAndCompare();
    }

    [Fact]
    public void Pages_keep_their_numbers_over_several_passes()
    {
        using var link = new HandLink(source =>
        {
            for (var i = 0; i < 2500; i++) File.WriteAllText(Path.Combine(source, $"f{i:0000}"), $"{i}");
        });
        var sent = 0;
        link.Pass = _ => ++sent <= 4;
        Assert.False(link.Run());
        var lines = link.Tree.Page(0)!.Lines().ToArray();
        link.Pass = _ => true;

        Assert.True(link.Run());

        Assert.Equal(3, link.Tree.Draft.PageCount);
        Assert.Equal([0L, 1024, 2048], Enumerable.Range(0, 3).Select(page => link.Tree.Page(page)!.First));
        Assert.Equal(lines.Length, link.Tree.Draft.Read(0).Length);
        Assert.Null(link.Tree.Page(3));
        link.PublishAndCompare();
    }

    [Fact]
    public void A_link_lost_in_a_big_file_goes_on_at_the_offset()
    {
        using var link = new HandLink(source => File.WriteAllBytes(Path.Combine(source, "big"), Content(2_000_000, 2)));
        var sent = 0;
        link.Pass = _ => ++sent <= 3;
        Assert.False(link.Run());
        var came = link.Frames.OfType<DataFrame>().Sum(data => (long)data.Length);
        Assert.InRange(came, 1, 1_999_999);
        link.Pass = _ => true;

        Assert.True(link.Run());

        Assert.Equal(came, link.Needs[0].RangesOf(1)?.First);
        Assert.Equal(came, link.Frames.OfType<DataFrame>().First().Offset);
        link.PublishAndCompare();
    }

    [Fact]
    public void A_damaged_file_fails_the_link_and_it_alone_is_needed_on_the_next()
    {
        using var link = new HandLink(source =>
        {
            foreach (var name in new[] { "a", "big", "c" })
                File.WriteAllBytes(Path.Combine(source, name), Content(100_000, name[0]));
        });
        link.Pass = parcel =>
        {
            foreach (var slice in parcel.Frames.Where(slice => slice.Frame is DataFrame { Entry: 2 }))
            {
                System.Runtime.InteropServices.MemoryMarshal.AsMemory(parcel.Payload(slice)).Span[0] ^= 1;
            }
            return true;
        };
        var refused = Assert.Throws<ProtocolException>(() => link.Run());
        Assert.Equal(ErrorCode.Digest, refused.Code);
        Assert.Contains("'big'", refused.Message);
        link.Pass = _ => true;

        Assert.True(link.Run());

        Assert.Equal([null, 0, null], new long[] { 1, 2, 3 }.Select(entry => link.Needs[0].RangesOf(entry)?.First));
        Assert.Equal([2], link.Frames.OfType<DataFrame>().Select(data => data.Entry).Distinct());
        link.PublishAndCompare();
    }

    [Fact]
    public void A_damaged_file_ends_the_link_where_its_page_leaves_no_room_for_the_next()
    {
        using var link = new HandLink(source =>
        {
            for (var i = 0; i < 18 * 1024; i++)
                File.WriteAllText(Path.Combine(source, $"f{i:00000}"), i == 5 ? "damaged" : "");
        });
        link.Pass = parcel =>
        {
            foreach (var slice in parcel.Frames.Where(slice => slice.Frame is DataFrame))
            {
                System.Runtime.InteropServices.MemoryMarshal.AsMemory(parcel.Payload(slice)).Span[0] ^= 1;
            }
            return true;
        };
        var refused = Assert.Throws<ProtocolException>(() => link.Run());
        Assert.Equal(ErrorCode.Digest, refused.Code);
        Assert.Contains("'f00005'", refused.Message);
        link.Pass = _ => true;
        Assert.True(link.Run());
        link.PublishAndCompare();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(300_000)]
    public void A_file_that_changed_since_the_scan_comes_as_it_is_now(int size)
    {
        using var link = new HandLink(source => File.WriteAllBytes(Path.Combine(source, "f"), Content(1000, 4)));
        link.BeforeContent = () => File.WriteAllBytes(link["f"], Content(size, 5));

        Assert.True(link.Run());

        Assert.Single(link.Frames.OfType<AgainFrame>());
        Assert.Empty(link.Omitted);
        link.PublishAndCompare();
    }

    [Fact]
    public void A_file_that_vanished_is_left_out_and_named()
    {
        using var link = new HandLink(source =>
        {
            File.WriteAllText(Path.Combine(source, "gone"), "x");
            File.WriteAllText(Path.Combine(source, "here"), "y");
        });
        link.BeforeContent = () => File.Delete(link["gone"]);

        Assert.True(link.Run());

        Assert.Equal(("gone", Omission.Vanished), (Assert.Single(link.Omitted).Path.ToString(), link.Omitted[0].Why));
        Assert.Equal(1, link.Tree.Seal!.Skipped);
        link.PublishAndCompare();
    }

    [Fact]
    public void A_file_that_changes_at_each_reading_is_left_out()
    {
        using var link = new HandLink(source => File.WriteAllBytes(Path.Combine(source, "f"), Content(3_000_000, 6)));
        var seed = 7;
        link.Pass = parcel =>
        {
            if (parcel.Frames.Any(slice => slice.Frame is DataFrame))
                File.WriteAllBytes(link["f"], Content(3_000_000, seed++));
            return true;
        };

        Assert.True(link.Run());

        Assert.Equal(Omission.Changed, Assert.Single(link.Omitted).Why);
        Assert.Equal(2, link.Frames.OfType<AgainFrame>().Count());
        Assert.Single(link.Frames.OfType<OmitFrame>());
    }

    [Fact]
    public void A_file_that_grows_all_the_time_arrives_as_long_as_it_was()
    {
        var content = Content(3_000_000, 6);
        using var link = new HandLink(source => File.WriteAllBytes(Path.Combine(source, "f"), content));
        link.Pass = parcel =>
        {
            if (parcel.Frames.Any(slice => slice.Frame is DataFrame)) File.AppendAllText(link["f"], "more");
            return true;
        };

        Assert.True(link.Run());

        Assert.Empty(link.Omitted);
        Assert.Equal(new EndFrame(1, content.Length, Sha256Digest.Of(content)),
            link.Frames.OfType<EndFrame>().Single());
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_read_is_read_once_more()
    {
        using var link = new HandLink(source => File.WriteAllBytes(Path.Combine(source, "f"), Content(3_000_000, 7)));
        var isShrunk = false;
        link.Pass = parcel =>
        {
            if (!isShrunk && parcel.Frames.Any(slice => slice.Frame is DataFrame))
                File.WriteAllBytes(link["f"], Content(5, 8));
            isShrunk |= parcel.Frames.Any(slice => slice.Frame is DataFrame);
            return true;
        };

        Assert.True(link.Run());

        Assert.Empty(link.Omitted);
        link.PublishAndCompare();
    }

    private static byte[] Content(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
