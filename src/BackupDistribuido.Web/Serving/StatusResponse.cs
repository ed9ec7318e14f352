using System.Globalization;
using System.Text;

namespace BackupDistribuido.Web.Serving;

/// <summary>An HTTP/1.1 answer that ends its connection.</summary>
internal sealed record StatusResponse(string Status, string ContentType, string Body)
{
    /// <summary>A refusal in one line of text.</summary>
    public static StatusResponse Refusal(string status) => new(status, "text/plain; charset=utf-8", status + "\n");

    /// <summary>The bytes to send. Nothing may be kept, framed, or loaded from elsewhere by a browser.</summary>
    public byte[] ToBytes(bool withBody)
    {
        var body = Encoding.UTF8.GetBytes(Body);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status}\r\nContent-Type: {ContentType}\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n") +
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n" +
            "Referrer-Policy: no-referrer\r\nVary: Accept-Language\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. withBody ? body : []];
    }
}
