using System.Net;
using BackupDistribuido.Core.Peers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Access;

/// <summary>Connections to the pages. A connection is a stranger until a request with a session came over it; strangers
/// are bounded (<see cref="PendingConnections"/>), so that silent ones keep no one else out.</summary>
internal sealed class PageConnections
{
    private const int Most = 256, MostOfOne = 64;
    private static readonly object Place = new();

    private readonly PendingConnections _pending = new(Most, MostOfOne);

    /// <summary>Watches a connection from its begin to its end.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        var from = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        using var place = _pending.Enter(from,
            () => connection.Abort(new ConnectionAbortedException("others need the place of this connection")));
        connection.Items[Place] = place;
        await next(connection).ConfigureAwait(false);
    };

    /// <summary>The request has a valid session.</summary>
    public static void Know(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Place,
            out var place) == true) (place as IDisposable)?.Dispose();
    }
}
