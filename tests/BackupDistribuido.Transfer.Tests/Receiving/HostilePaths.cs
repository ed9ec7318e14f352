using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Entry lines that a parent who lies could send behind the root's line, each with what has to become of
/// it.</summary>
internal static class HostilePaths
{
    private static readonly string Nothing = Sha256Digest.OfNothing.ToString();

    /// <summary>An entry of each kind, by its spelled path. The link leads outside.</summary>
    private static readonly (string Kind, Func<string, string> Line)[] Kinds =
    [
        ("directory", path => $"d 777 0 0 0.000000000 - {path}\n"),
        ("empty file", path => $"f 4777 0 0 0.000000000 - 0 0.000000000 1 {Nothing} {path}\n"),
        ("file", path => $"f 644 0 0 0.000000000 - 7 0.000000000 1 - {path}\n"),
        ("link", path => $"l 777 0 0 0.000000000 - ../../../../../outside {path}\n"),
        ("omitted", path => $"! vanished {path}\n"),
    ];

    private static readonly string[] Prefixes =
        ["", "latest/", "staging/", "manifests/", ".bdist/", "\\/", "\xC0\xAE\xC0\xAE/"];

    /// <summary>Behind any prefix no path below the root.</summary>
    private static readonly string[] Leaving =
    [
        "..", "../x", "../../x", "../../../../../outside/x", "x/..", "x/../..", "x/../../y", "x/y/../../../z", "./..",
            "../.", "./x", "x/.", "x/./y", ".//x",
        "x//y", "x//", "x/", "/", "//", "/x", "//x", "/etc/passwd", "/..", "/../x", "../", "..//", "..//x", "x/../",
            "\0", "x\0", "\0x", "..\0", "x\0/../y", "x/..\0/y",
        "../latest", "../staging/x", "../../manifests/x", "../../.origin", "../../../.bdist/lock",
    ];

    /// <summary>Below a directory that nobody announced, or too long.</summary>
    private static readonly string[] Nowhere =
    [
        "~/x", "latest/x", "snapshots/20261122T163305Z/x", new string('x', 256), new string('x', 300), "x/"
            + new string('y', 300), string.Join('/', Enumerable.Repeat("x", 40_000)),
    ];

    /// <summary>Ordinary names to Linux, whatever they mean to others: they stay where they are.</summary>
    private static readonly string[] Harmless =
    [
        "latest", "latest.new", "staging", "manifests", "snapshots", ".origin", ".bdist", "tree", "draft", "manifest",
            "sha256", "new", "id", "lock", "holder",
        "...", "....", "..x", "x..", ".. ", " ..", "\\..\\..\\x", "..\\x", "\\x", "C:\\x", "\\\\host\\share", "%2e%2e",
            "%2e%2e%2fx", "%2E%2E%2Fx", "%252e%252e", "..%2fx", "..%5cx", "%00", "x%00y",
        "\xC0\xAE\xC0\xAE", "\xC0\xAE\xC0\xAE\xC0\xAFx", "..\xC0\xAFx", "\xE0\x80\xAE\xE0\x80\xAE", "\xE0\x80\xAFx",
            "\xF0\x80\x80\xAF", "\xF8\x80\x80\x80\xAFx",
        "\xE2\x80\xA4\xE2\x80\xA4", "\xEF\xBC\x8E\xEF\xBC\x8E\xEF\xBC\x8Fx", "\xE2\x81\x84x", "\xFF", "\xED\xA0\x80",
            "\xE2\x80\xAE..", "\xEF\xBB\xBF..",
        "~", "-rf", "--", "*", "$(x)", "`x`", ";x", "|", "\n", "x\n..", "\r", "\t", " ", "\x1B[2J", "\x7F", "CON",
            "nul.", new string('x', 255),
    ];

    /// <summary>Spellings that are not the one right spelling of any path.</summary>
    private static readonly string[] Misspelled =
    [
        "%2e%2e", "%2E%2E", "%2E%2E%2Fx", "..%2Fx", "%2Fx", "%2Fetc%2Fpasswd", "x%2F..%2F..%2Fy", "%5C", "%5c..", "%",
            "%2", "%zz", "%%", "%%2E", "%c0%ae", "%C0%ae", "%41", "%u002e", "%0", "x%",
        "\xC0\xAE", "\xE9", "x\0y", "\0", "x\x7F", "x\ty", "\t", "x\r", " x", "x ", "x y", "..  x", "",
    ];

    /// <summary>Several entries that make a way out together.</summary>
    private static readonly string[][] Together =
    [
        ["link a", "directory a/x"], ["link a", "file a/x"], ["link a", "link a/x"], ["link a", "empty file a/x"],
            ["link a", "omitted a/x"],
        ["directory a", "link a"], ["link a", "directory a"], ["link a", "directory a", "file a/x"],
            ["directory a", "link a", "file a/x"], ["directory a", "directory a"],
        ["file a", "file a"], ["file a", "directory a/x"], ["empty file a", "file a/x"], ["omitted a", "file a/x"],
            ["omitted a", "link a"], ["link a", "link a"],
        ["directory a", "link a/b", "file a/b/c"], ["directory a", "link a/b", "directory a/b/c", "file a/b/c/d"],
            ["directory a", "directory b", "file a/x"],
        ["directory b", "link a"], ["directory ."], ["link ."], ["file ."], ["empty file ."], ["omitted ."],
            ["directory a", "directory .", "file a/x"], ["link latest", "file latest/x"],
    ];

    /// <summary>All of them: what it is, the lines behind the root's, how many, and whether they have to be
    /// refused.</summary>
    public static IEnumerable<(string What, byte[] Lines, int Count, bool IsRefused)> All()
    {
        foreach (var (kind, line) in Kinds)
        {
            foreach (var prefix in Prefixes)
            {
                foreach (var path in Leaving) yield return One(kind, line(Spell(prefix + path)), isRefused: true);
            }
            foreach (var path in Nowhere) yield return One(kind, line(Spell(path)), isRefused: true);
            foreach (var path in Harmless) yield return One(kind, line(Spell(path)), isRefused: false);
            foreach (var text in Misspelled) yield return One(kind, line(text), isRefused: true);
        }
        foreach (var entries in Together)
        {
            var lines = entries.Select(entry =>
                Kinds.Single(kind => entry.StartsWith(kind.Kind + " ", StringComparison.Ordinal))
                    .Line(entry[(entry.LastIndexOf(' ') + 1)..]));
            yield return (string.Join(", ", entries), Encoding.Latin1.GetBytes(string.Concat(lines)), entries.Length,
                true);
        }
    }

    private static (string, byte[], int, bool) One(string kind, string line, bool isRefused) =>
        ($"{kind}: {line}", Encoding.Latin1.GetBytes(line), 1, isRefused);

    private static string Spell(string path)
    {
        var output = new ArrayBufferWriter<byte>();
        PathText.Encode(Encoding.Latin1.GetBytes(path), output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
