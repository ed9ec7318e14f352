using System.Net;
using BackupDistribuido.Core.Peers;
using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Access;

/// <summary>Addresses under which a proxy shows these pages, as browsers say them in <c>Origin</c>:
/// <c>https://backup.example.org</c>.</summary>
internal sealed class OwnOrigins(IReadOnlyList<Uri> origins)
{
    private readonly List<Uri> _origins = [.. origins];

    /// <summary>Whether that is one of them.</summary>
    public bool Has(string origin) =>
        _origins.Any(one => one.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a request's <c>Host</c> is one of theirs, with or without a port.</summary>
    public bool HasHost(string name) =>
        _origins.Any(one => one.Host.Trim('[', ']').Equals(name.Trim('[', ']'), StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the browser that asks speaks TLS with a proxy: its session must not go over anything
    /// else.</summary>
    public bool IsSecured(HttpRequest request) => _origins.Any(one => one.Scheme == Uri.UriSchemeHttps)
        && (request.Headers.Origin is [{ } origin]
            ? origin.StartsWith("https:", StringComparison.OrdinalIgnoreCase) && Has(origin)
            : HasHost(request.Host.Host) && request.Headers["X-Forwarded-Proto"] is [.., "https"]);

    /// <summary>
    /// The address of the client: the other end of the connection or, if that is a proxy on this machine, the last
    /// address in <c>X-Forwarded-For</c>.
    /// </summary>
    public IPAddress Client(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var isProxy = _origins.Count > 0 && IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);
        var named = isProxy ? context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim() : "";
        return PendingConnections.NetworkOf(IPAddress.TryParse(named, out var client) ? client : peer);
    }
}
