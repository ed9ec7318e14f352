using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BackupDistribuido.Web.Metrics;

/// <summary>
/// What programs ask a coordinator beside its pages: <c>/healthz</c> says that this process lives and <c>/readyz</c> that its coordinator answers, to anyone; <c>/metrics</c> is what
/// Prometheus reads, and has names in it, so it wants the pages' token as a bearer (RFC 6750), or a session.
/// </summary>
public static class OperatorEndpoints
{
    /// <summary>Adds them to <paramref name="endpoints"/>.</summary>
    /// <param name="endpoints">The pages' server.</param>
    /// <param name="status">Asked once for each request, from any thread; its failure is answered with 503.</param>
    /// <param name="metrics">What was counted since this process began.</param>
    public static void Map(IEndpointRouteBuilder endpoints, Func<CancellationToken, Task<ClusterStatus>> status, MetricsFeed metrics)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok\n")).WithMetadata(new OpenEndpoint());
        endpoints.MapGet("/readyz", context => Answer(context, "text/plain; charset=utf-8", static _ => "ready\n")).WithMetadata(new OpenEndpoint());
        endpoints.MapGet("/metrics", context => Answer(context, MetricsDocument.ContentType, now => MetricsDocument.Render(now, metrics.State, metrics.Started)));

        async Task Answer(HttpContext context, string type, Func<ClusterStatus, string> render)
        {
            string text;
            try
            {
                text = render(await status(context.RequestAborted).ConfigureAwait(false));
            }
            catch (Exception) when (!context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            context.Response.ContentType = type;
            await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
