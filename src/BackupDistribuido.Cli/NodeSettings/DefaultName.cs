using System.Security.Cryptography;
using System.Text;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>Names of nodes whose owner gave none.</summary>
internal static class DefaultName
{
    private const int DigestLength = 4;

    /// <summary>
    /// The default name of an origin: HOST-FOLDER, with the last folder of the path. It becomes a folder's name at the
    /// destinations, so it must not change.
    /// </summary>
    public static NodeName Of(string host, string path) =>
        NodeName.Nearest($"{host}-{Path.GetFileName(path.TrimEnd('/'))}");

    /// <summary>A destination's: HOST-PATH, with all of its real path, so that two of a host that end alike have two
    /// names.</summary>
    public static NodeName OfRoot(string host, string realPath) => Fitting($"{host}-{Joined(realPath)}", realPath);

    /// <summary>
    /// In a copy, the destinations' real paths, however they were typed: <c>mnt-disk1-backup</c>. Where two give the
    /// same name (<c>a/b</c>, <c>a-b</c>) each ends with a digest of its path.
    /// </summary>
    public static IReadOnlyList<NodeName> OfRoots(IReadOnlyList<string> realPaths)
    {
        var names = realPaths.Select(path => Fitting(Joined(path), path)).ToList();
        return [.. realPaths.Zip(names,
            (path, name) => names.Count(other => other == name) == 1 ? name : WithDigest(Joined(path), path))];
    }

    private static string Joined(string path) => path.Trim('/').Replace('/', '-');

    private static NodeName Fitting(string text, string path) =>
        text.Length <= NodeName.MaxLength ? NodeName.Nearest(text) : WithDigest(text, path);

    // The end of a long path says most.
    private static NodeName WithDigest(string text, string path)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..DigestLength];
        return NodeName.Nearest($"{text[Math.Max(0, text.Length - NodeName.MaxLength + DigestLength + 1)..]}-{digest}");
    }
}
