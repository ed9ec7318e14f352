using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BackupDistribuido.Web.Metrics;

/// <summary>
/// Endpoints of a coordinator for programs, beside its pages. <c>/healthz</c>: this process is alive; <c>/readyz</c>:
/// its coordinator answers; both reveal no names and are open. <c>/metrics</c> reveals names: it needs its key if there
/// is one, otherwise a session, like the pages.
/// </summary>
public sealed class OperatorEndpoints(Func<CancellationToken, Task<ClusterStatus>> status, MetricsFeed metrics,
    MetricsKey? key)
{
    /// <summary>How long the coordinator may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Adds them.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("ok\n")).WithMetadata(new OpenEndpoint());
        app.MapGet("/readyz", context => Answer(context, _ => Results.Text("ready\n")))
            .WithMetadata(new OpenEndpoint());
        var endpoint = app.MapGet("/metrics", context => key is null || key.Fits(context.Request.Headers.Authorization)
            ? Answer(context,
                seen => Results.Text(MetricsDocument.Render(seen, metrics.State, metrics.Started,
                    DateTimeOffset.UtcNow), MetricsDocument.ContentType))
            : Refuse(context));
        // It checks access itself.
        if (key is not null) endpoint.WithMetadata(new OpenEndpoint());
    }

    private async Task Answer(HttpContext context, Func<ClusterStatus, IResult> render)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Patience);
        IResult result;
        try
        {
            result = render(await status(limit.Token));
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            result =
                Results.Text("the coordinator does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        await result.ExecuteAsync(context);
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
