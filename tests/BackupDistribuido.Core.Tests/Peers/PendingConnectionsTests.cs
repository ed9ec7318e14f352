using System.Net;
using BackupDistribuido.Core.Peers;

namespace BackupDistribuido.Core.Tests.Peers;

public sealed class PendingConnectionsTests
{
    private readonly List<string> _gone = [];
    private readonly PendingConnections _pending = new(most: 6, mostOfOne: 3);

    private IDisposable Enter(string from, string name) =>
        _pending.Enter(IPAddress.Parse(from), () => _gone.Add(name));

    [Fact]
    public void Who_fills_its_share_pushes_out_its_own_oldest()
    {
        Enter("10.0.0.2", "other");
        for (var i = 0; i < 100; i++) Enter("10.0.0.1", $"{i}");
        Assert.Equal(Enumerable.Range(0, 97).Select(i => $"{i}"), _gone);
        Assert.Equal(4, _pending.Count);
    }

    [Fact]
    public void Where_all_is_full_the_address_that_has_most_gives_way()
    {
        for (var i = 0; i < 3; i++) Enter("10.0.0.1", $"a{i}");
        for (var i = 0; i < 2; i++) Enter("10.0.0.2", $"b{i}");
        Enter("10.0.0.3", "c");
        Enter("10.0.0.4", "d");
        Assert.Equal(["a0"], _gone);
        Assert.Equal(6, _pending.Count);
    }

    [Fact]
    public void Who_is_known_by_now_takes_no_place()
    {
        var known = Enter("10.0.0.1", "known");
        known.Dispose();
        for (var i = 0; i < 3; i++) Enter("10.0.0.1", $"{i}");
        known.Dispose();
        Assert.Empty(_gone);
        Assert.Equal(3, _pending.Count);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")]
    [InlineData("::1", "::1")]
    public void These_are_one_address(string one, string other) =>
        Assert.Equal(PendingConnections.NetworkOf(IPAddress.Parse(one)),
            PendingConnections.NetworkOf(IPAddress.Parse(other)));

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("::1", "::2")]
    public void These_are_two(string one, string other) =>
        Assert.NotEqual(PendingConnections.NetworkOf(IPAddress.Parse(one)),
            PendingConnections.NetworkOf(IPAddress.Parse(other)));
}
