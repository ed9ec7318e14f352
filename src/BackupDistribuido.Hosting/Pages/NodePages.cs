using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Serving;
using Microsoft.AspNetCore.Routing;

namespace BackupDistribuido.Hosting.Pages;

/// <summary>Opens a node's pages as its owner wishes.</summary>
public static class NodePages
{
    private const int PortsTried = 20;

    /// <summary>The first port to try for a role's pages if none is given.</summary>
    public static int DefaultPort(NodeRole role) =>
        role switch { NodeRole.Coordinator => 8080, NodeRole.Origin => 8081, _ => 8082 };

    /// <summary>Whether that node is to have pages.</summary>
    public static bool AreWanted(PagesOptions wish, NodeRole role) =>
        wish.Ui is UiChoice.On or UiChoice.At || (wish.Ui is UiChoice.Auto && role == NodeRole.Coordinator);

    /// <summary>
    /// Opens the pages and reports their address; null if none are wanted, or if a coordinator's own port is taken: it
    /// goes on without pages, and says so.
    /// </summary>
    /// <param name="operators">Adds what programs ask beside them.</param>
    /// <exception cref="CommandFailure">They can't be where they shall be, or would be open to anyone.</exception>
    public static async Task<PageServer?> Open(
        NodeRole role, PagesContext context, NodeFeed feed, CancellationToken stop,
            Action<IEndpointRouteBuilder>? operators = null)
    {
        if (!AreWanted(context.Wish, role)) return null;
        var given = (context.Wish.Ui as UiChoice.At)?.Address;
        var wanted = given ?? NodeAddress.Of(IPAddress.Loopback, DefaultPort(role));
        if (!wanted.IsLoopback && context.Wish.Password is null)
            throw CommandFailure.Usage(
                $"--ui {wanted} is not loopback, and without a password anyone who reaches it could see and change "
                + $"things; make one with 'bdist password' and set backup.ui-password, or stay on 127.0.0.1 and use a "
                + "tunnel (ssh -L)");
        if (!wanted.IsLoopback && !context.Wish.MayBePlain)
            throw CommandFailure.Usage(
                $"--ui {wanted} is not loopback, and there the password would cross the network unencrypted; stay on "
                + $"127.0.0.1 with a tunnel (ssh -L) or a proxy that ends TLS before it (backup.ui-origins), or "
                + $"set backup.ui-insecure = true, as --insecure does for the whole node");
        var (address, most) = (await Resolve(wanted, stop).ConfigureAwait(false),
            given is null && role != NodeRole.Coordinator ? PortsTried : 1);
        for (var tried = 1; ; tried++)
        {
            try
            {
                var server = await PageServer.StartAsync(new PageSettings(new IPEndPoint(address, wanted.Port),
                    wanted.Host, context.Wish.Password, context.Loggers, operators)
                {
                    Origins =
                        context.Wish.Origins
                }, feed, stop).ConfigureAwait(false);
                context.Report(new PagesOpened(server.Url));
                return server;
            }
            catch (IOException) when (tried < most)
            {
                wanted = wanted.WithPort(wanted.Port + 1);
            }
            catch (IOException e) when (given is null)
            {
                context.Report(new Warned(NodeReason.NoPage(wanted, Reason.Text(Why(e)))));
                return null;
            }
            catch (IOException e)
            {
                throw CommandFailure.Usage($"--ui: can't listen on {wanted}: {Why(e)}; choose another address");
            }
        }
    }

    private static async Task<IPAddress> Resolve(NodeAddress wanted, CancellationToken stop)
    {
        try
        {
            return await HostAddress.ResolveAsync(wanted.Host, stop).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw CommandFailure.Usage($"--ui: {wanted.Host}: {e.Message}; choose another address");
        }
    }

    private static string Why(IOException e) =>
        (e.InnerException?.InnerException ?? e.InnerException ?? e).Message.ReplaceLineEndings(" ");
}
