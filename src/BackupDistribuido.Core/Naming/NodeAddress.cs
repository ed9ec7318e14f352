using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Naming;

/// <summary>Where a node listens: a host name or IP address, and a TCP port (0: the system chooses one). Written
/// <c>HOST:PORT</c>; an IPv6 address in brackets.</summary>
public sealed record NodeAddress
{
    /// <summary>As a part of a reason.</summary>
    public static implicit operator ReasonValue(NodeAddress value) => value.ToString();

    private NodeAddress(string host, int port) => (Host, Port) = (host, port);

    /// <summary>Host name or IP address, without brackets.</summary>
    public string Host { get; }

    /// <summary>TCP port, 0 to 65,535.</summary>
    public int Port { get; }

    /// <summary>Parses <c>HOST:PORT</c>, or <c>HOST</c> where there is a <paramref name="defaultPort"/>.</summary>
    public static bool TryParse(string text, int? defaultPort, [NotNullWhen(true)] out NodeAddress? address,
        [NotNullWhen(false)] out Reason? why)
    {
        address = null;
        var (host, portText) = Split(text);
        var port = portText is null ? defaultPort ?? -1
            : int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        why = Uri.CheckHostName(host) == UriHostNameType.Unknown ? SettingReason.BadHost(Shown(text))
            : port is < 0 or > 65_535 ? SettingReason.BadPort(Shown(text))
            : null;
        if (why is null) address = new NodeAddress(host, port);
        return why is null;
    }

    /// <summary>Parses <c>HOST:PORT</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static NodeAddress Parse(string text) =>
        TryParse(text, null, out var address, out var why) ? address : throw new FormatException(why.ToString());

    /// <summary>An IP address and a port.</summary>
    public static NodeAddress Of(IPAddress address, int port) => new(address.ToString(), port);

    // Brackets contain only an IPv6 address. Without them a text with several colons is an IPv6 address without a port.
    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            var host = close > 0 && Uri.CheckHostName(text[1..close]) == UriHostNameType.IPv6 ? text[1..close] : "";
            return close == text.Length - 1
                ? (host, null) : text[(close + 1)..] is [':', .. var port] ? (host, port) : ("", null);
        }
        var colon = text.IndexOf(':');
        return colon < 0 || colon != text.LastIndexOf(':') ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static string Shown(string text) => $"'{PathText.Display(text)}'";

    /// <summary>
    /// Whether only this machine reaches it: a loopback address or <c>localhost</c>. Other names are not looked up:
    /// their addresses may change before the connection is made.
    /// </summary>
    public bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether it stands for every address of its machine (<c>0.0.0.0</c>, <c>::</c>): a node can listen on
    /// it, but it can't be dialled.</summary>
    public bool IsWildcard =>
        IPAddress.TryParse(Host, out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>Whether it is an IPv6 link-local address (<c>fe80::1%eth0</c>): it is meaningful only on this machine,
    /// so it can't be given to others.</summary>
    public bool IsLinkLocal => IPAddress.TryParse(Host, out var address) && address.IsIPv6LinkLocal;

    /// <summary>The same host with another port.</summary>
    public NodeAddress WithPort(int port) => new(Host, port);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");
}
