using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Needs;

public class BranchNeedsTests
{
    private static readonly Sha256Digest Digest = Sha256Digest.Parse(new string('a', 64));

    private readonly BranchNeeds _needs = new(firstPage: 2);

    public BranchNeedsTests()
    {
        for (var page = 0; page < 4; page++)
            Assert.Equal(page >= 2, _needs.Wants(new PageFrame(page, page * 10, 10, 0)));
    }

    [Fact]
    public void Content_is_wanted_from_the_needed_offset_on()
    {
        _needs.Give(2, NeedSet.Of([new(21, 100), new(22, 0)]));
        Assert.False(_needs.Wants(new DataFrame(21, 0, 100)));
        Assert.True(_needs.Wants(new DataFrame(21, 50, 51)));
        Assert.True(_needs.Wants(new DataFrame(21, 100, 1)));
        Assert.True(_needs.Wants(new DataFrame(22, 0, 1)));
        Assert.True(_needs.Wants(new DataFrame(22, long.MaxValue, 1)));
        Assert.True(_needs.Wants(new EndFrame(21, 100, Digest)));
        Assert.False(_needs.Wants(new DataFrame(23, 0, 100)));
        Assert.False(_needs.Wants(new EndFrame(23, 100, Digest)));
    }

    [Fact]
    public void Before_its_needs_are_known_no_content_is_wanted()
    {
        Assert.False(_needs.Wants(new DataFrame(30, 0, 1)));
        _needs.Give(3, NeedSet.Of([new(30, 0)]));
        Assert.True(_needs.Wants(new DataFrame(30, 0, 1)));
    }

    [Fact]
    public void A_word_about_an_entry_is_for_those_who_were_sent_its_page()
    {
        foreach (var (entry, wanted) in new[] { (19, false), (20, true), (39, true) })
        {
            Assert.Equal(wanted, _needs.Wants(new OmitFrame(entry, Omission.Vanished)));
            Assert.Equal(wanted, _needs.Wants(new AgainFrame(entry, 0)));
        }
        Assert.True(_needs.Wants(new SealFrame(40, 4, 0, Digest)));
        Assert.False(_needs.Wants(new ErrorFrame(ErrorCode.Stopping, Reason.Text("-"))));
    }

    [Fact]
    public void A_file_announced_anew_is_wanted_from_its_beginning_until_it_ends()
    {
        _needs.Give(2, NeedSet.Of([new(21, 100)]));
        _needs.Wants(new AgainFrame(21, 0));
        _needs.Wants(new AgainFrame(25, 0));
        Assert.True(_needs.Wants(new DataFrame(21, 0, 10)));
        Assert.True(_needs.Wants(new DataFrame(25, 0, 10)));
        Assert.True(_needs.Wants(new EndFrame(25, 10, Digest)));
        Assert.False(_needs.Wants(new DataFrame(25, 0, 10)));
        _needs.Wants(new OmitFrame(21, Omission.Changed));
        Assert.False(_needs.Wants(new DataFrame(21, 0, 10)));
    }

    [Fact]
    public void A_page_is_forgotten_when_it_is_out_of_the_window()
    {
        _needs.Give(3, NeedSet.Of([new(31, 0)]));
        for (var page = 4; page < 3 + WireLimits.PagesAhead; page++)
            _needs.Wants(new PageFrame(page, page * 10, 10, 0));
        Assert.Null(_needs.Announced(2));
        Assert.Equal((30L, 10), (_needs.Announced(3)!.First, _needs.Announced(3)!.Count));
        Assert.True(_needs.Wants(new DataFrame(31, 0, 1)));
        _needs.Wants(new PageFrame(3 + WireLimits.PagesAhead, 190, 10, 0));
        Assert.Null(_needs.Announced(3));
        Assert.False(_needs.Wants(new DataFrame(31, 0, 1)));
        // A word about one of its files still is for the child.
        Assert.True(_needs.Wants(new AgainFrame(31, 0)));
        Assert.True(_needs.Wants(new DataFrame(31, 0, 1)));
    }

    [Fact]
    public void Needs_of_a_page_unknown_or_answered_are_out_of_order()
    {
        _needs.Give(2, NeedSet.Nothing);
        foreach (var page in new[] { 0, 1, 2, 4 })
        {
            Assert.Equal(ErrorCode.Order,
                Assert.Throws<ProtocolException>(() => _needs.Give(page, NeedSet.Nothing)).Code);
        }
    }

    [Fact]
    public void Files_announced_anew_are_bounded()
    {
        for (var entry = 20; entry < 20 + BranchNeeds.MaxAgain; entry++)
            Assert.True(_needs.Wants(new AgainFrame(entry, 0)));
        Assert.True(_needs.Wants(new AgainFrame(20, 0)));
        Assert.Equal(ErrorCode.Limit,
            Assert.Throws<ProtocolException>(() => _needs.Wants(new AgainFrame(1_000_000, 0))).Code);
    }
}
