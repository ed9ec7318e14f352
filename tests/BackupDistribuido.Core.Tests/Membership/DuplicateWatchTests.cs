using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Tests.Membership;

/// <summary>One ROOT that goes on under another name, and one that is there twice.</summary>
public sealed class DuplicateWatchTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private readonly DuplicateWatch _duplicates = new(Lease);

    [Fact]
    public void Nobody_is_anybodys_twin_by_himself()
    {
        Assert.Equal(IdentityVerdict.Alone, Handle(At("a"), null, 0));
        Assert.Equal(IdentityVerdict.Alone, Handle(At("a"), At("a"), 1));
        // Another life of it: the roster sees to that.
        Assert.Equal(IdentityVerdict.Alone, Handle(At("a", life: 2), At("a"), 2));
        Assert.Empty(_duplicates.Certain);
    }

    [Fact]
    public void At_one_place_the_newer_life_takes_over_under_whatever_name_and_the_older_one_does_not_take_it_back()
    {
        Assert.Equal(IdentityVerdict.TakesOver, Handle(At("b", life: 2), At("a"), 0));
        Assert.Equal(IdentityVerdict.Waits, Handle(At("a"), At("b", life: 2), 1));
    }

    [Fact]
    public void At_another_place_it_waits_until_the_first_is_not_there_any_more()
    {
        var (first, moved) = (At("a"), At("b", life: 2, place: "elsewhere"));

        Assert.Equal(IdentityVerdict.Waits, Handle(moved, first, 0));
        Assert.Equal(IdentityVerdict.Waits, Handle(moved, first, 1));
        Assert.Null(_duplicates.Of(moved.Node));
        Assert.Equal(IdentityVerdict.Alone, Handle(moved, null, 7));
        Assert.Equal(IdentityVerdict.Alone, Handle(moved, moved, 8));
        Assert.Empty(_duplicates.Certain);
    }

    [Fact]
    public void Where_both_go_on_speaking_they_are_twins_also_under_one_name_until_one_is_silent()
    {
        var (first, copy) = (At("a"), At("a", life: 2, place: "elsewhere"));
        Handle(copy, first, 0);
        Assert.Equal(IdentityVerdict.Alone, Handle(first, first, 1));

        Assert.Equal(IdentityVerdict.Waits, Handle(copy, first, 2));
        Assert.Equal((first, copy), _duplicates.Of(copy.Node) is { } pair ? (pair.Counted, pair.Other) : default);
        Assert.Single(_duplicates.Certain);
        Handle(first, first, 2 + Lease.TotalSeconds + 1);
        Assert.Empty(_duplicates.Certain);
    }

    private IdentityVerdict Handle(DestinationRegistration said, DestinationRegistration? live, double seconds) =>
        _duplicates.Handle(said, live, TimeSpan.FromSeconds(seconds));

    private static DestinationRegistration At(string name, long life = 1, string place = "machine:/copies") =>
        new(new NodeIdentity(NodeName.Parse(name), "root", life), NodeAddress.Parse("127.0.0.1:1"), 1000, "disk", place,
            [], Epoch.None);
}
