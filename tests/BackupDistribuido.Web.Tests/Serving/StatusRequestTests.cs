using System.Text;
using BackupDistribuido.Web.Pages;
using BackupDistribuido.Web.Serving;

namespace BackupDistribuido.Web.Tests.Serving;

public sealed class StatusRequestTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "GET", "/", Language.English)]
    [InlineData("GET /?lang=es HTTP/1.1", "GET", "/", Language.Spanish)]
    [InlineData("GET /?lang=en HTTP/1.1\r\nAccept-Language: es", "GET", "/", Language.English)]
    [InlineData("HEAD /status.json HTTP/1.0\r\naccept-language: ES-ar,es;q=0.9", "HEAD", "/status.json", Language.Spanish)]
    internal void A_request_is_read(string head, string method, string path, Language language)
    {
        var request = StatusRequest.Parse(Encoding.ASCII.GetBytes(head))!;

        Assert.Equal((method, path, language), (request.Method, request.Path, request.Language));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /")]
    [InlineData("GET  / HTTP/1.1")]
    [InlineData("GET http://elsewhere/ HTTP/1.1")]
    [InlineData("GET / HTTP/2")]
    [InlineData("BDIST-CONTROL/1 coordinator")]
    public void Anything_else_is_none(string head) => Assert.Null(StatusRequest.Parse(Encoding.ASCII.GetBytes(head)));

    [Theory]
    [InlineData("", true)]
    [InlineData("Host: localhost:4080", true)]
    [InlineData("Host: 127.0.0.1", true)]
    [InlineData("host: [::1]:4080", true)]
    [InlineData("Host: example.org:4080", false)]
    [InlineData("Host: localhost.example.org", false)]
    public void A_strange_host_is_seen(string header, bool isLoopback) =>
        Assert.Equal(isLoopback, StatusRequest.Parse(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\n{header}"))!.NamesLoopback);
}
