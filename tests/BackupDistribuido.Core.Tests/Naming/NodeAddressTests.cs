using System.Net;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Tests.Naming;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:4053", "127.0.0.1", 4053)]
    [InlineData("nas.example.org:1", "nas.example.org", 1)]
    [InlineData("localhost:0", "localhost", 0)]
    [InlineData("nas:65535", "nas", 65535)]
    [InlineData("[::1]:4053", "::1", 4053)]
    [InlineData("[fe80::1%2]:4053", "fe80::1%2", 4053)]
    public void An_address_with_a_port_is_read_and_written_the_same(string text, string host, int port)
    {
        var address = NodeAddress.Parse(text);

        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, NodeAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("nas", "nas:4053")]
    [InlineData("10.0.0.1", "10.0.0.1:4053")]
    [InlineData("::1", "[::1]:4053")]
    [InlineData("[::1]", "[::1]:4053")]
    [InlineData("2001:db8::7", "[2001:db8::7]:4053")]
    [InlineData("nas:9", "nas:9")]
    public void A_missing_port_is_the_default_one(string text, string whole)
    {
        Assert.True(NodeAddress.TryParse(text, 4053, out var address, out _));

        Assert.Equal(whole, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":4053")]
    [InlineData("two words:4053")]
    [InlineData("a:b:4053")]
    [InlineData("[]:4053")]
    [InlineData("[::1")]
    [InlineData("::1]:4053")]
    [InlineData("[[::1]]:4053")]
    [InlineData("[::1]4053")]
    [InlineData("[nas]:4053")]
    [InlineData("]nas[:4053")]
    public void A_host_that_is_none_is_refused(string text)
    {
        Assert.False(NodeAddress.TryParse(text, 4053, out var address, out var why));

        Assert.Null(address);
        Assert.Equal($"'{text}' has no valid host name or address", why?.ToString());
    }

    [Theory]
    [InlineData("nas:")]
    [InlineData("nas:-1")]
    [InlineData("nas:+1")]
    [InlineData("nas: 1")]
    [InlineData("nas:65536")]
    [InlineData("nas:2147483648")]
    [InlineData("nas:9223372036854775808")]
    [InlineData("nas:0x10")]
    [InlineData("nas:1,000")]
    [InlineData("nas:٤٠٥٣")]
    [InlineData("[::1]:")]
    public void A_port_that_is_none_is_refused_even_where_there_is_a_default(string text)
    {
        Assert.False(NodeAddress.TryParse(text, 4053, out _, out var why));

        Assert.Equal($"'{text}' has no port from 0 to 65535; write HOST:PORT", why?.ToString());
    }

    [Fact]
    public void Without_a_default_the_port_must_be_there()
    {
        Assert.Equal("'::1' has no port from 0 to 65535; write HOST:PORT",
            Assert.Throws<FormatException>(() => NodeAddress.Parse("::1")).Message);
    }

    [Fact]
    public void What_is_refused_is_shown_without_control_characters()
    {
        Assert.False(NodeAddress.TryParse("a\e[2Jb:1", null, out _, out var why));

        Assert.Equal("'a%1B[2Jb:1' has no valid host name or address", why?.ToString());
    }

    [Fact]
    public void The_port_can_be_replaced()
    {
        Assert.Equal("[::1]:7", NodeAddress.Parse("[::1]:0").WithPort(7).ToString());
    }

    [Theory]
    [InlineData("localhost:1", true)]
    [InlineData("LOCALHOST:1", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("127.9.9.9:1", true)]
    [InlineData("[::1]:1", true)]
    [InlineData("0.0.0.0:1", false)]
    [InlineData("192.168.1.20:1", false)]
    [InlineData("localhost.example:1", false)]
    public void Loopback_is_known_by_its_address_or_as_localhost(string text, bool isLoopback) =>
        Assert.Equal(isLoopback, NodeAddress.Parse(text).IsLoopback);

    [Theory]
    [InlineData("0.0.0.0:1", true)]
    [InlineData("[::]:1", true)]
    [InlineData("127.0.0.1:1", false)]
    [InlineData("nas:1", false)]
    public void A_wildcard_is_every_address_of_a_machine(string text, bool isWildcard) =>
        Assert.Equal(isWildcard, NodeAddress.Parse(text).IsWildcard);

    [Theory]
    [InlineData("10.0.0.2", "10.0.0.2:4054")]
    [InlineData("fd00::2", "[fd00::2]:4054")]
    public void An_IP_address_is_written_as_it_is_parsed(string address, string text)
    {
        Assert.Equal(text, NodeAddress.Of(IPAddress.Parse(address), 4054).ToString());
        Assert.Equal(NodeAddress.Parse(text), NodeAddress.Of(IPAddress.Parse(address), 4054));
    }
}
