using System.Globalization;
using System.Net;
using BackupDistribuido.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Access;

/// <summary>
/// Stands before everything that is served: a request must name an address of this node (a foreign name that resolves
/// to it is a rebinding), come from its own pages, and have a session.
/// </summary>
internal sealed class RequestGuard(Sessions sessions, PasswordHash? password, IPEndPoint address, string host,
    OwnOrigins origins, TimeProvider clock)
{
    private const int LongestPassword = 1024;
    private static readonly TimeSpan Penalty = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly PasswordThrottle _throttle = new(clock);
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
            PageConnections.Know(context);
            // A browser may request the printed address again, with the session that it has by now.
            if (HttpMethods.IsGet(request.Method) && request.Query.ContainsKey("token")) LeaveToken(context);
            else await next(context);
        }
        else if (_isLoopback && HttpMethods.IsGet(request.Method) && request.Query["token"] is [{ } token]
            && sessions.IsToken(token)) Enter(context);
        else if (password is not null && HttpMethods.IsPost(request.Method) && request.Path == "/enter")
            await TryPassword(context, password);
        else await ShowLogin(context, StatusCodes.Status401Unauthorized, LoginNote.None);
    }

    private bool IsOurs(string name)
    {
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || origins.HasHost(name)) return true;
        if (IPAddress.TryParse(name.Trim('[', ']'), out var ip)) return !_isLoopback || IPAddress.IsLoopback(ip);
        return !_isLoopback
            && (name.Equals(host, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase));
    }

    private bool IsFromHere(HttpRequest request) => request.Headers.Origin is not [{ Length: > 0 } origin]
        || origins.Has(origin)
        // Behind a proxy its own address is the one that browsers see.
        || (!origins.HasHost(request.Host.Host)
            && origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));

    private void Enter(HttpContext context)
    {
        context.Response.Cookies.Append(Cookie, sessions.Begin(),
            new CookieOptions
            {
                HttpOnly = true,
                Secure = origins.IsSecured(context.Request),
                SameSite = SameSiteMode.Strict,
                Path = "/",
                IsEssential = true
            });
        LeaveToken(context);
    }

    /// <summary>The same page without the token, which would stay in the browser's history and go into
    /// screenshots.</summary>
    private static void LeaveToken(HttpContext context) =>
        context.Response.Redirect(HttpMethods.IsGet(context.Request.Method)
            && context.Request.Path.Value is ['/', not ('/' or '\\'), ..] and var path ? path : "/");

    private async Task TryPassword(HttpContext context, PasswordHash password)
    {
        var given = context.Request.HasFormContentType
            ? (await context.Request.ReadFormAsync(context.RequestAborted))["password"].ToString() : "";
        var from = origins.Client(context);
        if (!_throttle.TryBegin(from, out var wait))
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await ShowLogin(context, StatusCodes.Status429TooManyRequests, new LoginNote.Wait(seconds));
            return;
        }
        var isRight = false;
        try
        {
            isRight = given.Length <= LongestPassword && await Fits(password, given, context.RequestAborted);
            // Its own next guess waits for this answer.
            if (!isRight) await Task.Delay(Penalty, context.RequestAborted);
        }
        finally
        {
            _throttle.End(from, isRight);
        }
        if (isRight) Enter(context);
        else await ShowLogin(context, StatusCodes.Status401Unauthorized, LoginNote.Wrong.Instance);
    }

    // Hashing costs a good part of a processor's second: one at a time, in the order in which they came.
    private async Task<bool> Fits(PasswordHash password, string given, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            return password.Fits(given);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task ShowLogin(HttpContext context, int status, LoginNote note)
    {
        context.Response.StatusCode = status;
        if (context.WebSockets.IsWebSocketRequest
            || (!HttpMethods.IsGet(context.Request.Method) && note == LoginNote.None)) return;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(LoginPage.Render(Languages.Of(context.Request), password is not null,
            note), context.RequestAborted);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
