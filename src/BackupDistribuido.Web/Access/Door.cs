using System.Globalization;
using System.Net;
using BackupDistribuido.Web.Pages;
using BackupDistribuido.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Access;

/// <summary>
/// Stands before everything that is served: a request must name an address of this node (a foreign name that resolves to it is a rebinding), come from its own pages, and have a session.
/// </summary>
internal sealed class Door(Sessions sessions, PasswordHash? password, IPEndPoint address, string host)
{
    private const int LongestPassword = 1024;
    private static readonly TimeSpan Penalty = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly bool _isLoopback = IPAddress.IsLoopback(address.Address);

    // Browsers send a host's cookies to all of its ports.
    private string Cookie => string.Create(CultureInfo.InvariantCulture, $"bdist-session-{address.Port}");

    /// <summary>Lets a request through to <paramref name="next"/>, or answers it.</summary>
    public async Task Handle(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        SecurityHeaders.Add(context.Response.Headers);
        if (!IsOurs(request.Host.Host)) await Refuse(context, StatusCodes.Status421MisdirectedRequest);
        else if (!IsFromHere(request)) await Refuse(context, StatusCodes.Status403Forbidden);
        else if (context.GetEndpoint()?.Metadata.GetMetadata<OpenEndpoint>() is not null) await next(context);
        else if (sessions.Has(request.Cookies[Cookie]))
        {
            // A browser may ask for the printed address again, with the session that it has by now.
            if (HttpMethods.IsGet(request.Method) && request.Query.ContainsKey("token")) LeaveToken(context);
            else await next(context);
        }
        else if (_isLoopback && HttpMethods.IsGet(request.Method) && request.Query["token"] is [{ } token] && sessions.IsToken(token)) Enter(context);
        else if (password is not null && HttpMethods.IsPost(request.Method) && request.Path == "/enter") await TryPassword(context, password);
        else await SayHowToEnter(context, wasWrong: false);
    }

    private bool IsOurs(string name)
    {
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return true;
        if (IPAddress.TryParse(name.Trim('[', ']'), out var ip)) return !_isLoopback || IPAddress.IsLoopback(ip);
        return !_isLoopback && (name.Equals(host, StringComparison.OrdinalIgnoreCase) || name.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsFromHere(HttpRequest request) => request.Headers.Origin is not [{ Length: > 0 } origin]
        || origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

    private void Enter(HttpContext context)
    {
        context.Response.Cookies.Append(Cookie, sessions.Begin(), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        LeaveToken(context);
    }

    /// <summary>The same page without the token, which would stay in the browser's history and go into screenshots.</summary>
    private static void LeaveToken(HttpContext context) =>
        context.Response.Redirect(HttpMethods.IsGet(context.Request.Method) && context.Request.Path.Value is ['/', not ('/' or '\\'), ..] and var path ? path : "/");

    private async Task TryPassword(HttpContext context, PasswordHash password)
    {
        var given = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["password"].ToString() : "";
        // One guess at a time, and a pause after a wrong one, whoever makes it.
        await _oneAtATime.WaitAsync(context.RequestAborted);
        try
        {
            if (given.Length <= LongestPassword && password.Fits(given))
            {
                Enter(context);
                return;
            }
            await Task.Delay(Penalty, context.RequestAborted);
        }
        finally
        {
            _oneAtATime.Release();
        }
        await SayHowToEnter(context, wasWrong: true);
    }

    private async Task SayHowToEnter(HttpContext context, bool wasWrong)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (context.WebSockets.IsWebSocketRequest || !HttpMethods.IsGet(context.Request.Method) && !wasWrong) return;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(EntrancePage.Render(Languages.Of(context.Request), password is not null, wasWrong), context.RequestAborted);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
