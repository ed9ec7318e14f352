using System.Net;
using System.Text;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Serving;

/// <summary>What the status server was asked for; the HTTP/1.x head (RFC 9112) as far as two read-only documents need it.</summary>
/// <param name="Method">As sent; only GET and HEAD are served.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Language">By <c>?lang=</c>, else by Accept-Language: Spanish where its first choice is Spanish, otherwise English.</param>
/// <param name="Host">The Host header's host without its port; empty where there is none.</param>
internal sealed record StatusRequest(string Method, string Path, Language Language, string Host)
{
    /// <summary>Reads a head up to its empty line; null where it is no HTTP/1.x request.</summary>
    public static StatusRequest? Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        if (lines[0].Split(' ') is not [var method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"]) return null;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var (path, parameters) = query < 0 ? (target, "") : (target[..query], target[(query + 1)..]);
        var isSpanish = parameters switch
        {
            "lang=es" => true,
            "lang=en" => false,
            _ => Header(lines, "Accept-Language").StartsWith("es", StringComparison.OrdinalIgnoreCase),
        };
        return new StatusRequest(method, path, isSpanish ? Language.Spanish : Language.English, HostOf(Header(lines, "Host")));
    }

    /// <summary>
    /// Whether the browser meant this machine when it dialled loopback. A page on the Internet can have its own name resolve to 127.0.0.1, but can't make
    /// the browser send another Host.
    /// </summary>
    public bool NamesLoopback =>
        Host.Length == 0 || Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    private static string Header(string[] lines, string name)
    {
        foreach (var line in lines.Skip(1))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return line[(name.Length + 1)..].Trim();
        }
        return "";
    }

    private static string HostOf(string header)
    {
        if (header.StartsWith('[')) return header.IndexOf(']', StringComparison.Ordinal) is > 0 and var close ? header[1..close] : header;
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? header : header[..colon];
    }
}
