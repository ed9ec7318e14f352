using System.Text;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Patterns;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Posix;
using CsCheck;

namespace BackupDistribuido.Storage.Tests.Scanning;

/// <summary>What is left out is judged by git itself. Latin-1 stands for bytes.</summary>
public sealed partial class ExcludedByGitProperties
{
    private sealed record Node(string Name, Node[]? Inside);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static readonly Gen<string> Name = Gen.Frequency(
        (3, OneOf("a", "b", "ab", "a.c", ".a", "A", "a-b", "#a", "!a", "a ", "[a]", "*", "\\", "\xFF", "a\xFE",
            "\xC3\xB1", "]", "a\tb", "\r", "7")),
        (1, OneOf("a", "b", "c", "-", "*", "\\", "\xFF", " ").Array[1, 4].Select(string.Concat)));

    private static readonly Gen<string> Line = Gen.Select(
        Gen.Frequency((5, Gen.Const("")), (1, Gen.Const("!")), (1, Gen.Const("/")), (1, Gen.Const("**/"))),
        Gen.Frequency(
            (2, Name),
            (3, OneOf(
                "a", "b", "c", ".", "A", " ", "-", "*", "*", "**", "/", "/", "?", "**/", "/**", "/**/", "[ab]", "[!a]",
                    "[^\xFF]", "[a-c]", "[]a]", "[]-a]", "[a-]", "[\\]a]", "[a-\\c]", "[!]]",
                "[[:alpha:]]", "[[:space:][:punct:]]", "[![:print:]]", "[[:xdigit:]-z]", "[:a:]", "[[:a]", "\\*", "\\a",
                    "\\\\", "\\ ", "\\#", "\xFF", "\xFE", "!", "#", "[", "\\", "[[:nothing:]]", "\r", "\t")
                .Array[1, 5].Select(string.Concat))),
        Gen.Frequency((5, Gen.Const("")), (2, Gen.Const("/")), (1, Gen.Const("/*")), (1, Gen.Const(" ")),
            (1, Gen.Const("\r"))),
        (before, middle, after) => before + middle + after);

    private static readonly Gen<Node> File = Name.Select(name => new Node(name, null));

    private static Gen<Node> Folder(int depth) =>
        Gen.Select(Name, Inside(depth), (name, inside) => new Node(name, inside));

    private static Gen<Node[]> Inside(int depth) =>
        (depth == 0 ? File : Gen.Frequency((1, File), (1, Gen.Const(0).SelectMany(_ => Folder(depth - 1))))).Array[1, 5]
            .Select(nodes => nodes.DistinctBy(node => node.Name).ToArray());

    // Stars that stand for no whole name: git up to 2.40 compares two pointers there that have nothing to do with each
    // other, so that anything comes out.
    [GeneratedRegex(@"^!?(?=.*/.).*[^*/]\*\*")]
    private static partial Regex Undefined();

    [SkippableFact]
    public void A_scan_leaves_out_what_git_ignores()
    {
        using var folder = new TemporaryFolder();
        Skip.IfNot(folder.Run("git init -q --bare git").Exit == 0, "git is not installed");
        var (trees, leftOut) = (0, 0);
        Gen.Select(Inside(3), Line.Where(line => !Undefined().IsMatch(line)).Array[1, 5].Array[8])
            .Sample((nodes, files) =>
        {
            folder.Do($"mkdir tree{++trees}");
            using (var top = folder.Open())
            {
                top.OpenDirectory(Encoding.ASCII.GetBytes($"tree{trees}"), out var tree).OrThrow("openat", "");
                using (tree) Make(nodes, tree);
            }
            foreach (var lines in files)
            {
                var refused = lines.Where(line =>
                    !PatternFile.TryParse(Encoding.Latin1.GetBytes(line), out _, out _, out _)).ToArray();
                Assert.Empty(Ignored(folder, trees, refused));

                var good = lines.Except(refused).ToArray();
                Assert.True(PatternFile.TryParse(Encoding.Latin1.GetBytes(string.Join('\n', good)), out var patterns,
                    out _, out _));
                using var source = SourceTree.Open(folder[$"tree{trees}"],
                    new ScanRules(new PatternList(patterns), OneFileSystem: false));
                var scanned = source.Scan(_ => { }).Skip(1).Select(entry => Encoding.Latin1.GetString(entry.Path.Bytes))
                    .ToHashSet();
                var ignored = Ignored(folder, trees, good);
                leftOut += ignored.Count;
                Assert.Equal(Paths("", nodes).Except(ignored).Order(StringComparer.Ordinal),
                    scanned.Order(StringComparer.Ordinal));
            }
        }, iter: 40, threads: 1,
            print: sample => string.Join("\n", sample.Item2.Select(lines => string.Join(" | ", lines))));
        Assert.InRange(leftOut, 300, int.MaxValue);

        HashSet<string> Ignored(TemporaryFolder at, int tree, string[] lines)
        {
            if (lines.Length == 0) return [];
            System.IO.File.WriteAllBytes(at["patterns"], Encoding.Latin1.GetBytes(string.Join('\n', lines) + "\n"));
            var output = at.Do($$"""
                export GIT_DIR="$PWD/git" GIT_WORK_TREE="$PWD/tree{{tree}}" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
                cd tree{{tree}}; find . -mindepth 1 -printf '%P\0' > ../paths
                git -c core.excludesFile="$GIT_DIR/../patterns" check-ignore --no-index --stdin -z < ../paths || [ $? = 1 ]
                """);
            return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
        }
    }

    private static IEnumerable<string> Paths(string prefix, Node[] nodes) =>
        nodes.SelectMany(node => Paths($"{prefix}{node.Name}/", node.Inside ?? []).Prepend(prefix + node.Name));

    private static void Make(Node[] nodes, Descriptor parent)
    {
        foreach (var node in nodes)
        {
            var name = Encoding.Latin1.GetBytes(node.Name);
            if (node.Inside is not null) parent.MakeDirectory(name).OrThrow("mkdirat", "");
            parent.Open(name, node.Inside is null ? OpenFlags.Write | OpenFlags.Create : OpenFlags.Directory,
                out var made).OrThrow("openat", "");
            using (made) Make(node.Inside ?? [], made);
        }
    }
}
