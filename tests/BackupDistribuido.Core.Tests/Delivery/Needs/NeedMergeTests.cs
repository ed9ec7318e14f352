using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Needs;

public class NeedMergeTests
{
    private static readonly NodeName Self = NodeName.Parse("self");
    private static readonly NodeName Child = NodeName.Parse("child");
    private static readonly NeedSet One = NeedSet.Of([new(1, 50)]);
    private static readonly NeedSet Both = NeedSet.Of([new(1, 20), new(2, 0)]);

    private readonly NeedMerge _merge = new();

    [Fact]
    public void A_page_is_known_when_all_have_answered()
    {
        _merge.Join(Self, 0);
        _merge.Join(Child, 0);
        Assert.Null(_merge.Announce(0));
        Assert.Null(_merge.Give(Child, 0, One));
        var known = _merge.Give(Self, 0, Both);
        Assert.Equal(0, known!.Value.Page);
        Assert.Equal(Both.Needs.AsEnumerable(), known.Value.Needs.Needs);
    }

    [Fact]
    public void Where_nobody_is_asked_nothing_is_needed()
    {
        _merge.Join(Child, 5);
        Assert.Equal(new PageNeeds(4, NeedSet.Nothing), _merge.Announce(4));
        Assert.Null(_merge.Announce(5));
    }

    [Fact]
    public void Who_leaves_holds_no_page_up_and_what_it_said_counts()
    {
        _merge.Join(Self, 0);
        _merge.Join(Child, 0);
        for (var page = 0; page < 3; page++) Assert.Null(_merge.Announce(page));
        _merge.Give(Child, 0, One);
        _merge.Give(Self, 1, Both);
        Assert.Equal([1], _merge.Leave(Child).Select(p => p.Page));
        Assert.Equal(20, _merge.Give(Self, 0, NeedSet.Of([new(1, 20)]))!.Value.Needs.RangesOf(1)!.First);
        Assert.NotNull(_merge.Give(Self, 2, NeedSet.Nothing));
        Assert.Empty(_merge.Leave(Self));
        Assert.NotNull(_merge.Announce(3));
    }

    [Fact]
    public void Who_joins_late_is_asked_from_the_next_page_on()
    {
        _merge.Join(Self, 0);
        _merge.Announce(0);
        _merge.Join(Child, 0);
        _merge.Announce(1);
        AssertOrder(() => _merge.Give(Child, 0, One));
        Assert.NotNull(_merge.Give(Self, 0, One));
        Assert.Null(_merge.Give(Self, 1, One));
        Assert.NotNull(_merge.Give(Child, 1, One));
    }

    [Fact]
    public void Needs_given_twice_or_never_asked_for_are_out_of_order()
    {
        _merge.Join(Self, 0);
        _merge.Join(Child, 0);
        _merge.Announce(0);
        _merge.Give(Child, 0, One);
        AssertOrder(() => _merge.Give(Child, 0, One));
        AssertOrder(() => _merge.Give(Child, 1, One));
        AssertOrder(() => _merge.Give(NodeName.Parse("stranger"), 0, One));
        _merge.Give(Self, 0, One);
        AssertOrder(() => _merge.Give(Self, 0, One));
    }

    [Fact]
    public void No_more_pages_than_the_window_wait()
    {
        _merge.Join(Self, 0);
        for (var page = 0; page < WireLimits.PagesAhead; page++) _merge.Announce(page);
        AssertOrder(() => _merge.Announce(WireLimits.PagesAhead));
        _merge.Give(Self, 0, NeedSet.Nothing);
        Assert.Null(_merge.Announce(WireLimits.PagesAhead));
    }

    [Fact]
    public void Pages_follow_each_other()
    {
        _merge.Announce(3);
        AssertOrder(() => _merge.Announce(3));
        AssertOrder(() => _merge.Announce(5));
        Assert.NotNull(_merge.Announce(4));
    }

    private static void AssertOrder(Func<PageNeeds?> act) =>
        Assert.Equal(ErrorCode.Order, Assert.Throws<ProtocolException>(() => act()).Code);
}
