using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting.Notices;

namespace BackupDistribuido.Hosting.Tests.Notices;

/// <summary>Over loopback, to a server that answers one request as it is told.</summary>
public sealed class WebhookTargetTests
{
    private static readonly Notice Notice =
        new(NoticeKind.RunFinished, "{\"event\":\"run-finished\",\"reason\":\"ñ\"}");

    [Fact]
    public async Task The_body_is_the_object()
    {
        var (told, request) = await Post("204 No Content");
        Assert.Equal(NoticeResult.Delivered, told);
        Assert.StartsWith("POST /hook?key=s3cret HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json; charset=utf-8\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"event\":\"run-finished\",\"reason\":\"ñ\"}", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", true)]
    [InlineData("401 Unauthorized", true)]
    [InlineData("302 Found\r\nLocation: /elsewhere", true)]
    [InlineData("429 Too Many Requests", false)]
    [InlineData("408 Request Timeout", false)]
    [InlineData("500 Internal Server Error", false)]
    [InlineData("503 Service Unavailable", false)]
    public async Task Other_answers_are_failures_some_for_good(string answer, bool isFinal) =>
        Assert.Equal(new NoticeResult(NoticeReason.Answered(int.Parse(answer[..3], CultureInfo.InvariantCulture)),
            isFinal),
            (await Post(answer)).Result);

    [Fact]
    public async Task Nobody_there_is_no_end()
    {
        using var target = new WebhookTarget(new Uri("http://127.0.0.1:1/"));
        var told = await target.SendAsync(Notice, CancellationToken.None);
        Assert.False(told.IsFinal);
        Assert.Contains("refused", told.Failure?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_name_keeps_the_secret()
    {
        using var target = new WebhookTarget(new Uri("https://example.org:8443/hook?key=s3cret"));
        Assert.Equal("https://example.org:8443", target.Name);
    }

    private static async Task<(NoticeResult Result, string Request)> Post(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var target = new WebhookTarget(new Uri($"http://{listener.LocalEndpoint}/hook?key=s3cret"));
        var telling = target.SendAsync(Notice, CancellationToken.None);
        using var client = await listener.AcceptTcpClientAsync();
        var (bytes, request) = (new byte[4096], "");
        while (!request.EndsWith('}'))
            request += Encoding.UTF8.GetString(bytes, 0, await client.GetStream().ReadAsync(bytes));
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n"));
        return (await telling, request);
    }
}
