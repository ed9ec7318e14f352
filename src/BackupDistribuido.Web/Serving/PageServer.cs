using System.Globalization;
using System.Net;
using BackupDistribuido.Web.Access;
using BackupDistribuido.Web.Assets;
using BackupDistribuido.Web.Components;
using BackupDistribuido.Web.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;

namespace BackupDistribuido.Web.Serving;

/// <summary>A node's pages: one Kestrel in the node's process, which knows the node only by its
/// <see cref="NodeFeed"/>.</summary>
public sealed class PageServer : IAsyncDisposable
{
    private const int MostConnections = 1024, MostUpgraded = 128, LargestBody = 64 * 1024, MostLostPages = 20;
    private static readonly TimeSpan LostPagesKept = TimeSpan.FromMinutes(1), StopWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HeadersWait = TimeSpan.FromSeconds(10), IdleWait = TimeSpan.FromMinutes(1);

    private readonly WebApplication _app;

    private PageServer(WebApplication app, IPEndPoint address, string url) =>
        (_app, Address, Url) = (app, address, url);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The address that a user opens: with the token, if that gives access.</summary>
    public string Url { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">The address is in use, or not this machine's.</exception>
    public static async Task<PageServer> StartAsync(PageSettings settings, NodeFeed feed, CancellationToken stop)
    {
        // Nothing is read from files or variables: a node's configuration is its own.
        var builder =
            WebApplication.CreateEmptyBuilder(
                new WebApplicationOptions
                {
                    ApplicationName = typeof(PageServer).Assembly.GetName().Name,
                    EnvironmentName = Environments.Production
                });
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MostUpgraded;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = HeadersWait;
            kestrel.Limits.KeepAliveTimeout = IdleWait;
            var connections = new PageConnections();
            kestrel.Listen(settings.Address, listen => listen.Use(connections.Watch));
        });
        AddServices(builder.Services, settings, feed);
        var app = builder.Build();
        var sessions = new Sessions(TimeProvider.System);
        app.UseRouting();
        // Which port it is shows at the start; nothing is served before.
        RequestGuard? guard = null;
        app.Use(next => context => Volatile.Read(ref guard) is { } open ? open.Handle(context, next) : NotYet(context));
        Map(app, settings);
        try
        {
            await app.StartAsync(stop).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        var port =
            new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
                .Addresses.First()).Port;
        var address = new IPEndPoint(settings.Address.Address, port);
        guard = new RequestGuard(sessions, settings.Password, address, settings.Host, new OwnOrigins(settings.Origins),
            TimeProvider.System);
        var host = settings.Host.Contains(':', StringComparison.Ordinal) ? $"[{settings.Host}]" : settings.Host;
        var url = string.Create(CultureInfo.InvariantCulture,
            $"http://{host}:{port}/{(IPAddress.IsLoopback(address.Address) ? $"?token={sessions.Token}" : "")}");
        return new PageServer(app, address, url);
    }

    private static void AddServices(IServiceCollection services, PageSettings settings, NodeFeed feed)
    {
        services.AddSingleton<ILoggerFactory>(new QuietLoggers(settings.Loggers));
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWait);
        services.AddRouting();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = MostLostPages;
            circuits.DisconnectedCircuitRetentionPeriod = LostPagesKept;
        });
        services.AddMudServices();
        services.AddSingleton(feed);
        services.AddSingleton(new EmbeddedAssets());
    }

    private static void Map(WebApplication app, PageSettings settings)
    {
        var assets = app.Services.GetRequiredService<EmbeddedAssets>();
        app.Use(async (context, next) =>
        {
            if (!await assets.TryServe(context)) await next(context);
        });
        app.UseAntiforgery();
        app.MapGet("/alive", () => Results.NoContent());
        app.MapGet("/status.json", StatusAnswer);
        settings.Operators?.Invoke(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server =>
        {
            // What changes on a page is a few hundred bytes; a compressor for each open page is not worth its memory
            // and time.
            (server.ContentSecurityFrameAncestorsPolicy, server.DisableWebSocketCompression) = (null, true);
        });
    }

    private static Task NotYet(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private static async Task<IResult> StatusAnswer(NodeFeed feed)
    {
        await feed.AskAsync();
        return feed.Current is { Cluster: { } cluster, Problem: null }
            ? Results.Text(Pages.StatusDocument.Render(cluster, feed.Current.Time) + "\n", "application/json")
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Ends: open pages are cut, and say so.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopWait);
        try
        {
            await _app.StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A page that does not let go is cut with the server.
        }
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Signals are the command's; the pages end with it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
