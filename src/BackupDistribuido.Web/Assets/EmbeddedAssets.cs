using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Assets;

/// <summary>
/// What browsers fetch besides pages, embedded in this assembly. A file's address has its digest in it, so that a
/// browser may keep it for ever. Nothing else can be fetched: no path of a request is ever a path on a disk.
/// </summary>
internal sealed class EmbeddedAssets
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, Asset> _byPath;
    private readonly FrozenDictionary<string, string> _paths;

    /// <summary>Reads and compresses them.</summary>
    public EmbeddedAssets()
    {
        var assets = typeof(EmbeddedAssets).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(Read).ToList();
        _byPath = assets.ToFrozenDictionary(asset => asset.Path, StringComparer.Ordinal);
        _paths = assets.ToFrozenDictionary(asset => asset.Name, asset => asset.Path, StringComparer.Ordinal);
    }

    /// <summary>The address of the file with that name, <c>/assets/app.0123456789ab.css</c>.</summary>
    public string this[string name] => _paths[name];

    /// <summary>Answers a request for one of them; false where it is for something else.</summary>
    public async Task<bool> TryServe(HttpContext context)
    {
        if (!_byPath.TryGetValue(context.Request.Path.Value ?? "", out var asset)) return false;
        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.ContentType = asset.Type;
        headers.Vary = "Accept-Encoding";
        var zipped =
            context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (zipped) headers.ContentEncoding = "gzip";
        var body = zipped ? asset.Zipped.Value : asset.Bytes;
        headers.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        return true;
    }

    private static Asset Read(string resource)
    {
        using var stream = typeof(EmbeddedAssets).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var name = resource[Prefix.Length..];
        var (stem, extension) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        return new Asset(name, $"/{Prefix}{stem}.{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}{extension}",
            Types[extension], bytes, new(() => Zip(bytes)));
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(bytes);
        return zipped.ToArray();
    }

    private sealed record Asset(string Name, string Path, string Type, byte[] Bytes, Lazy<byte[]> Zipped);
}
