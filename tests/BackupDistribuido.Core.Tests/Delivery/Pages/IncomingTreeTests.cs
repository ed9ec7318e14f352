using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Pages;

/// <summary>A tree of the root and files 1, 2, … of 10 bytes each, one page an announcement.</summary>
public sealed class IncomingTreeTests
{
    private static readonly Sha256Digest Digest = Sha256Digest.Of("content"u8);
    private readonly IncomingTree _tree = new();
    private IncomingLink _link;

    public IncomingTreeTests() => _link = _tree.BeginLink();

    private void BeginLink()
    {
        _link.Dispose();
        _link = _tree.BeginLink();
    }

    [Fact]
    public void A_tree_goes_on_behind_the_pages_that_are_whole_already()
    {
        EntryLine.TryParse(Encoding.ASCII.GetBytes(File(2, Digest).TrimEnd()), out var last, out _);
        var tree = IncomingTree.After(2, 3, last!);
        Assert.Equal(2, tree.FirstPage);
        var link = tree.BeginLink();
        Refused(ErrorCode.Order, () => link.Announce(new PageFrame(1, 1, 1, 0), []));
        Refused(ErrorCode.Order, () => Go(2, 2, File(3)));
        Refused(ErrorCode.Order, () => Go(2, 3, File(2)));

        Go(2, 3, File(3));
        tree.Verified(3, Digest);
        Assert.Equal((2, 3L, 1),
            Assert.Single(tree.TakeComplete()) is var page ? (page.Number, page.First, page.Count) : default);
        link.Accept(new SealFrame(4, 3, 30, Digest));

        void Go(int page, long first, string line) =>
            link.Announce(new PageFrame(page, first, 1, line.Length), Encoding.ASCII.GetBytes(line));
    }

    [Fact]
    public void Two_links_bring_one_tree_each_what_it_was_asked_for()
    {
        using var other = _tree.BeginLink();
        Assert.True(Announce(0, 0, Root, File(1), File(2)));
        Ask((1, 0));
        var text = Encoding.ASCII.GetBytes(Root + File(1) + File(2));
        Assert.False(other.Announce(new PageFrame(0, 0, 3, text.Length), text).IsNew);
        other.Ask(NeedSet.Of([new Need(2, 0)]));

        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(2, 0, 10)));
        Refused(ErrorCode.Order, () => other.Accept(new DataFrame(1, 0, 10)));
        // Each may be in the middle of a file.
        _link.Accept(new DataFrame(1, 0, 4));
        other.Accept(new DataFrame(2, 0, 4));
        _link.Accept(new DataFrame(1, 4, 6));
        other.Accept(new DataFrame(2, 4, 6));
        _link.Accept(new EndFrame(1, 10, Digest));
        other.Accept(new EndFrame(2, 10, Digest));
        _tree.Verified(1, Digest);
        _tree.Verified(2, Digest);

        Assert.Single(_tree.TakeComplete());
    }

    [Fact]
    public void A_whole_page_waits_for_a_link_that_has_still_to_announce_it()
    {
        var other = _tree.BeginLink();
        Announce(0, 0, Root);
        Assert.Empty(_tree.TakeComplete());

        other.Dispose();

        Assert.Single(_tree.TakeComplete());
    }

    [Fact]
    public void A_page_without_files_is_whole_at_once()
    {
        Announce(0, 0, Root);

        var page = Assert.Single(_tree.TakeComplete());
        Assert.Equal((0, 0L, 1, Root),
            (page.Number, page.First, page.Count, Encoding.ASCII.GetString(page.Lines.Span)));
        Assert.Equal(1, _tree.FirstPage);
        _link.Accept(new SealFrame(1, 1, 0, Digest));
    }

    [Fact]
    public void A_page_is_whole_with_the_digest_of_its_last_file()
    {
        Announce(0, 0, Root, File(1), File(2));
        _tree.Verified(2, Digest);
        Assert.Empty(_tree.TakeComplete());

        _tree.Verified(1, Digest);

        var lines = Encoding.ASCII.GetString(Assert.Single(_tree.TakeComplete()).Lines.Span);
        Assert.Equal(Root + File(1, Digest) + File(2, Digest), lines);
    }

    [Fact]
    public void A_page_that_was_refused_can_be_announced_right_by_the_next_link()
    {
        Refused(ErrorCode.Order, () => Announce(0, 0, Root, File(1), File(1)));
        BeginLink();

        Announce(0, 0, Root, File(1), File(2));
    }

    [Fact]
    public void Whole_pages_wait_for_those_before_them()
    {
        Announce(0, 0, Root, File(1));
        Announce(1, 2, File(2));
        _tree.Verified(2, Digest);
        Assert.Empty(_tree.TakeComplete());

        _tree.Verified(1, Digest);

        Assert.Equal([0, 1], _tree.TakeComplete().Select(page => page.Number));
    }

    [Fact]
    public void Pages_run_ahead_as_far_as_the_window_and_no_farther()
    {
        Announce(0, 0, Root, File(1));
        for (var page = 1; page < WireLimits.PagesAhead; page++) Announce(page, page + 1, File(page + 20));

        Refused(ErrorCode.Limit, () => Announce(WireLimits.PagesAhead, WireLimits.PagesAhead + 1, File(99)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void A_page_comes_in_its_turn_with_its_entries(int page, long first) =>
        Refused(ErrorCode.Order, () => Announce(page, first, Root));

    [Fact]
    public void The_order_of_entries_is_held_over_pages()
    {
        Announce(0, 0, Root, File(5));

        Refused(ErrorCode.Order, () => Announce(1, 2, File(4)));
    }

    [Fact]
    public void A_page_has_entries() => Refused(ErrorCode.Syntax, () => _link.Announce(new PageFrame(0, 0, 0, 0), []));

    [Fact]
    public void Content_is_taken_where_it_was_asked_for_and_nowhere_else()
    {
        Announce(0, 0, Root, File(1));
        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 0, 10)));
        Refused(ErrorCode.Order, () => _link.Accept(new EndFrame(1, 10, Digest)));

        Ask((1, 4));

        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 5, 5)));
        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 4, 7)));
        Assert.Equal(4, _link.Accept(new DataFrame(1, 0, 10)));
        Assert.Equal(10, Assert.IsType<FileEntry>(_link.Accept(new EndFrame(1, 10, Digest))).Stamp.Size);
        Refused(ErrorCode.Order, () => _link.Accept(new EndFrame(1, 10, Digest)));
    }

    [Fact]
    public void What_another_asked_for_in_front_is_told_frame_by_frame()
    {
        Announce(0, 0, Root, File(1));
        Ask((1, 4));

        Assert.Equal(3, _link.Accept(new DataFrame(1, 0, 3)));
        Assert.Equal(1, _link.Accept(new DataFrame(1, 3, 3)));
        Assert.Equal(0, _link.Accept(new DataFrame(1, 6, 4)));
    }

    [Fact]
    public void Content_has_no_gap_and_no_other_file_in_it()
    {
        Announce(0, 0, Root, File(1), File(2));
        Ask((1, 0), (2, 0));
        _link.Accept(new DataFrame(1, 0, 4));

        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 5, 1)));
        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(2, 0, 4)));
        Refused(ErrorCode.Order, () => _link.Accept(new EndFrame(2, 10, Digest)));
        Refused(ErrorCode.Order, () => _link.Accept(new EndFrame(1, 10, Digest)));
        Refused(ErrorCode.Order, () => _link.Accept(new EndFrame(1, 4, Digest)));
    }

    [Fact]
    public void A_file_ends_with_the_digest_that_was_announced()
    {
        Announce(0, 0, Root, File(1, Digest));
        Ask((1, 10));

        Refused(ErrorCode.Digest, () => _link.Accept(new EndFrame(1, 10, Sha256Digest.OfNothing)));
        _link.Accept(new EndFrame(1, 10, Digest));
    }

    [Fact]
    public void A_file_that_changed_is_asked_for_from_its_beginning()
    {
        Announce(0, 0, Root, File(1));
        Ask((1, 8));

        Again(1, File(1, size: 20));

        Assert.Equal(20, _tree.File(1).Stamp.Size);
        Assert.Equal(0, _link.Accept(new DataFrame(1, 0, 20)));
        _link.Accept(new EndFrame(1, 20, Digest));
    }

    [Fact]
    public void A_file_that_changed_in_the_middle_begins_anew()
    {
        Announce(0, 0, Root, File(1));
        Ask((1, 0));
        _link.Accept(new DataFrame(1, 0, 6));

        Again(1, File(1, size: 7));

        _link.Accept(new DataFrame(1, 0, 7));
        _link.Accept(new EndFrame(1, 7, Digest));
    }

    [Fact]
    public void A_verified_file_that_changed_is_open_again()
    {
        Announce(0, 0, Root, File(1), File(2));
        _tree.Verified(1, Digest);

        Again(1, File(1, size: 20));
        _tree.Verified(2, Digest);

        Assert.Empty(_tree.TakeComplete());
    }

    [Fact]
    public void Again_is_for_the_same_file_only()
    {
        Announce(0, 0, Root, File(1), File(2));

        Refused(ErrorCode.Order, () => Again(1, File(2)));
        Refused(ErrorCode.Order, () => Again(1, "d 755 0 0 0.000000000 - f1\n"));
        Refused(ErrorCode.Order, () => Again(0, Root));
        Refused(ErrorCode.Order, () => Again(7, File(7)));
        Refused(ErrorCode.Syntax, () => Again(1, "f nonsense\n"));
    }

    [Fact]
    public void Another_name_of_an_entry_is_final_and_can_be_left_out()
    {
        Announce(0, 0, Root, File(1), "h 1 g\n", "h 1 h\n");
        Ask((1, 0));

        Assert.Equal("g", _link.Accept(new OmitFrame(2, Omission.Changed)).ToString());
        Refused(ErrorCode.Order, () => _link.Accept(new OmitFrame(1, Omission.Changed)));
        _link.Accept(new OmitFrame(3, Omission.Changed));
        _link.Accept(new OmitFrame(1, Omission.Changed));

        Assert.Equal(Root + "! changed f1\n! changed g\n! changed h\n",
            Encoding.ASCII.GetString(Assert.Single(_tree.TakeComplete()).Lines.Span));
    }

    [Fact]
    public void A_file_that_is_another_inode_now_has_lost_its_other_names_before()
    {
        Announce(0, 0, Root, File(1), "h 1 g\n");

        Again(1, File(1, size: 11));
        Refused(ErrorCode.Order, () => Again(1, File(1).Replace(" 1 - f1", " 2 - f1", StringComparison.Ordinal)));
        _link.Accept(new OmitFrame(2, Omission.Changed));
        Again(1, File(1).Replace(" 1 - f1", " 2 - f1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_somebody_else_asked_for_may_come_in_pieces_and_what_is_lacked_may_not()
    {
        Announce(0, 0, Root, File(1, size: 100));
        Ask((1, 50));

        Assert.Equal(5, _link.Accept(new DataFrame(1, 10, 5)));
        Assert.Equal(5, _link.Accept(new DataFrame(1, 30, 5)));
        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 34, 5)));
        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 51, 5)));
        Assert.Equal(2, _link.Accept(new DataFrame(1, 48, 5)));
        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 54, 5)));
        Refused(ErrorCode.Order, () => _link.Accept(new EndFrame(1, 100, Digest)));
        Assert.Equal(0, _link.Accept(new DataFrame(1, 53, 47)));
        _link.Accept(new EndFrame(1, 100, Digest));
    }

    [Fact]
    public void A_page_has_its_digest()
    {
        var text = Encoding.ASCII.GetBytes(Root + File(1));

        Refused(ErrorCode.Digest, () =>
            _link.Announce(new PageFrame(0, 0, 2, text.Length, Sha256Digest.Of("another"u8)), text));
        Assert.True(_link.Announce(new PageFrame(0, 0, 2, text.Length, Sha256Digest.Of(text)), text).IsNew);
    }

    [Theory]
    [InlineData("h 2 g\n")]
    [InlineData("h 3 g\n")]
    [InlineData("h 0 g\n")]
    public void Another_name_is_of_an_earlier_entry_that_can_have_one(string line) =>
        Refused(ErrorCode.Order, () => Announce(0, 0, Root, File(1), line));

    [Fact]
    public void Another_name_of_another_name_is_refused() =>
        Refused(ErrorCode.Order, () => Announce(0, 0, Root, File(1), "h 1 g\n", "h 2 h\n"));

    [Fact]
    public void Holes_are_content()
    {
        Announce(0, 0, Root, File(1, size: 3_000_000_000));
        Ask((1, 1_000_000));

        Refused(ErrorCode.Order, () => _link.Accept(new HoleFrame(1, 0, 0)));
        Assert.Equal(1_000_000, _link.Accept(new HoleFrame(1, 0, 1_000_000_000)));
        Refused(ErrorCode.Order, () => _link.Accept(new HoleFrame(1, 1_000_000_001, 1)));
        Assert.Equal(0, _link.Accept(new DataFrame(1, 1_000_000_000, 10)));
        Refused(ErrorCode.Order, () => _link.Accept(new HoleFrame(1, 1_000_000_010, 2_000_000_000)));
        Assert.Equal(0, _link.Accept(new HoleFrame(1, 1_000_000_010, 1_999_999_990)));
        Assert.Equal("f1", _link.Accept(new EndFrame(1, 3_000_000_000, Sha256Digest.Of("x"u8))).Path.ToString());
    }

    [Fact]
    public void An_omitted_file_ends_its_page_and_stays_omitted()
    {
        Announce(0, 0, Root, File(1));
        Ask((1, 0));
        _link.Accept(new DataFrame(1, 0, 4));

        Assert.Equal("f1", _link.Accept(new OmitFrame(1, Omission.Vanished)).ToString());

        Assert.Equal(Root + "! vanished f1\n",
            Encoding.ASCII.GetString(Assert.Single(_tree.TakeComplete()).Lines.Span));
        Refused(ErrorCode.Order, () => _link.Accept(new OmitFrame(1, Omission.Vanished)));
    }

    [Fact]
    public void A_spoiled_file_is_not_brought_by_this_link_and_needed_by_the_next()
    {
        Announce(0, 0, Root, File(1), File(2));
        Ask((1, 0), (2, 0));
        _link.Accept(new DataFrame(1, 0, 4));

        _link.Accept(new SpoiledFrame(1));

        Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 4, 6)));
        _link.Accept(new DataFrame(2, 0, 10));
        _link.Accept(new EndFrame(2, 10, Digest));
        Assert.Empty(_tree.TakeComplete());
    }

    [Fact]
    public void The_end_comes_after_whole_pages_with_their_numbers()
    {
        Refused(ErrorCode.Order, () => _link.Accept(new SealFrame(0, 0, 0, Digest)));
        Announce(0, 0, Root, File(1));
        Refused(ErrorCode.Order, () => _link.Accept(new SealFrame(2, 1, 10, Digest)));
        _tree.Verified(1, Digest);
        Assert.Single(_tree.TakeComplete());

        Refused(ErrorCode.Order, () => _link.Accept(new SealFrame(3, 1, 10, Digest)));
        Refused(ErrorCode.Order, () => _link.Accept(new SealFrame(2, 2, 10, Digest)));
        _link.Accept(new SealFrame(2, 1, 10, Digest));
    }

    [Fact]
    public void A_new_link_announces_again_from_the_first_page_that_is_not_whole_twice_in_a_row()
    {
        Announce(0, 0, Root);
        Assert.Single(_tree.TakeComplete());
        Announce(1, 1, File(1), File(2));
        Announce(2, 3, File(3));
        Ask((1, 0), (2, 0), (3, 0));
        _link.Accept(new DataFrame(1, 0, 4));

        for (var link = 0; link < 2; link++)
        {
            BeginLink();
            Assert.Equal(1, _tree.FirstPage);
            Refused(ErrorCode.Order, () => Announce(0, 0, Root));
            Refused(ErrorCode.Order, () => Announce(2, 3, File(3)));
            Refused(ErrorCode.Order, () => _link.Accept(new DataFrame(1, 4, 6)));

            Assert.False(Announce(1, 1, File(1), File(2)));
            Assert.False(Announce(2, 3, File(3)));
            Ask((1, 4), (2, 0));
            Assert.Equal(0, _link.Accept(new DataFrame(1, 4, 2)));
        }

        Assert.True(Announce(3, 4, File(4)));
    }

    [Fact]
    public void A_verified_file_counts_again_only_when_it_is_said_to()
    {
        Announce(0, 0, Root, File(1), File(2));
        _tree.Verified(1, Digest);
        BeginLink();

        Announce(0, 0, Root, File(1), File(2));
        _tree.Verified(2, Digest);

        Assert.Empty(_tree.TakeComplete());
        _tree.Verified(1, Digest);
        Assert.Single(_tree.TakeComplete());
    }

    [Fact]
    public void A_file_may_have_been_left_out_since_the_last_link()
    {
        Announce(0, 0, Root, File(1));
        BeginLink();

        Announce(0, 0, Root, "! changed f1\n");

        Assert.Single(_tree.TakeComplete());
    }

    [Fact]
    public void A_file_may_be_another_one_since_the_last_link()
    {
        Announce(0, 0, Root, File(1));
        BeginLink();

        Announce(0, 0, Root, File(1, size: 33));

        Assert.Equal(33, _tree.File(1).Stamp.Size);
    }

    [Theory]
    [InlineData("d 755 0 0 0.000000000 - f1\n")]
    [InlineData("f 644 0 0 0.000000000 - 10 0.000000000 1 - f2\n")]
    public void Nothing_else_may_have_changed_since_the_last_link(string line)
    {
        Announce(0, 0, Root, File(1));
        BeginLink();

        Refused(ErrorCode.Order, () => Announce(0, 0, Root, line));
    }

    [Fact]
    public void A_page_keeps_its_length_from_link_to_link()
    {
        Announce(0, 0, Root, File(1));
        BeginLink();

        Refused(ErrorCode.Order, () => Announce(0, 0, Root));
        Refused(ErrorCode.Order, () => Announce(0, 0, "d 700 0 0 0.000000000 - .\n", File(1)));
    }

    private const string Root = "d 755 0 0 0.000000000 - .\n";

    private static string File(int number, Sha256Digest? digest = null, long size = 10) =>
        $"f 644 0 0 0.000000000 - {size} 0.000000000 1 {digest?.ToString() ?? "-"} f{number}\n";

    private bool Announce(int page, long first, params string[] lines)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(lines));
        return _link.Announce(new PageFrame(page, first, lines.Length, text.Length), text).IsNew;
    }

    private void Ask(params (long Entry, long Offset)[] needs) =>
        _link.Ask(NeedSet.Of(needs.Select(need => new Need(need.Entry, need.Offset))));

    private void Again(long entry, string line) =>
        _link.Accept(new AgainFrame(entry, line.Length), Encoding.ASCII.GetBytes(line));

    private static void Refused(ErrorCode code, Action action) =>
        Assert.Equal(code, Assert.ThrowsAny<ProtocolException>(action).Code);
}
