using System.Text;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Core.Patterns;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Tests.NodeSettings;

public sealed class TreeRulesTests
{
    private static IEnumerable<string> Excluded(BdistRun run, params string[] paths)
    {
        var rules = run.Nodes.Started is CopySettings copy
            ? copy.Tree.Rules : Assert.IsType<OriginSettings>(run.Nodes.Started).Tree.Rules;
        return paths.Where(path =>
            rules.Exclude.Excludes(TreePath.FromBytes(Encoding.Latin1.GetBytes(path)), isDirectory: false));
    }

    [Theory]
    [InlineData("origin", "origin {source}")]
    [InlineData("copy", "copy {source} /a")]
    public async Task Patterns_come_from_files_first_and_then_from_the_command_line_or_the_configuration(string section,
        string command)
    {
        using var run = new BdistRun();
        var (one, two) = (run.File("one", "*.a\n!keep.*\n"), run.File("two", "*.b\n"));
        var config = run.File("node.conf",
            $"backup.{section} {{ exclude = [ \"*.c\", \"!x.c\" ], exclude-from = [ \"{one}\", \"{two}\" ] }}");
        string[] paths = ["x.a", "keep.a", "x.b", "keep.b", "x.c", "y.c", "keep.c"];

        Assert.Equal(0, await run.Run([.. command.Split(' '), "--config", config]));
        Assert.Equal(["x.a", "x.b", "keep.b", "y.c", "keep.c"], Excluded(run, paths));

        // A flag takes the place of its key, and of no other.
        Assert.Equal(0,
            await run.Run([.. command.Split(' '), "--config", config, "--exclude", "x.*", "--exclude", "!x.b"]));
        Assert.Equal(["x.a", "keep.b", "x.c"], Excluded(run, paths));
        Assert.Equal(0, await run.Run([.. command.Split(' '), "--exclude-from", one, "--exclude-from", two]));
        Assert.Equal(["x.a", "x.b", "keep.b"], Excluded(run, paths));
    }

    [Fact]
    public async Task A_file_has_bytes()
    {
        using var run = new BdistRun();
        await File.WriteAllBytesAsync(Path.Combine(run.Folder, "bytes"), [0xFF, (byte)'*', (byte)'\n']);

        Assert.Equal(0, await run.Run("origin", "{source}", "--exclude-from", "{folder}/bytes"));

        Assert.Equal(["\xFFx"], Excluded(run, "\xFFx", "\xFEx"));
    }

    [Theory]
    [InlineData("--exclude|a[",
        "--exclude: 'a[': a '[' has no ']'; write \\[ for a bracket; for example: --exclude *.tmp")]
    [InlineData("--exclude|", "--exclude: '' is not a pattern; for example: --exclude *.tmp")]
    [InlineData("--exclude|\uFFFD",
        "--exclude: '\uFFFD' has bytes that are not UTF-8; write it to a file for --exclude-from; for example: "
        + "--exclude *.tmp")]
    [InlineData("--exclude-from|{folder}/none", "--exclude-from {folder}/none: there is no such file")]
    [InlineData("--exclude-from|{folder}", "--exclude-from {folder}: it is a folder")]
    [InlineData("--exclude-from|{folder}/broken",
        "--exclude-from {folder}/broken, line 3: nothing follows the last backslash; write \\\\ for a backslash")]
    [InlineData("--exclude-from|{folder}/long", "--exclude-from {folder}/long, line 2: it is longer than 8192 bytes")]
    [InlineData("--exclude-from|{folder}/many",
        "there are 10001 patterns to exclude, and at most 10000 are taken; write fewer, wider ones")]
    [InlineData("--exclude-from|/dev/zero", "--exclude-from /dev/zero: it is larger than 16 MiB")]
    [InlineData("--config|{folder}/text.conf",
        "backup.origin.exclude ({folder}/text.conf:1): this takes an array; for example: [ \"*.tmp\" ]")]
    [InlineData("--config|{folder}/broken.conf",
        "backup.origin.exclude ({folder}/broken.conf:1): '[[:x:]]': there is no class [:x:]; use alpha, digit, alnum, "
        + "upper, lower, space, blank, punct, print, graph, cntrl or xdigit; for example: backup.origin.exclude = "
        + "\"*.tmp\"")]
    public async Task What_is_wrong_is_one_clear_line_and_exit_2(string flag, string message)
    {
        using var run = new BdistRun();
        run.File("broken", "# patterns\n\na\\\n");
        run.File("long", "a\n" + new string('b', Pattern.MaxBytes + 1) + "\n");
        run.File("many", string.Concat(Enumerable.Repeat("a\n", PatternList.MaxPatterns + 1)));
        run.File("text.conf", "backup.origin.exclude = \"*.tmp\"");
        run.File("broken.conf", "backup.origin.exclude = [ \"*.tmp\", \"[[:x:]]\" ]");

        Assert.Equal(2, await run.Run(["origin", "{source}", .. flag.Split('|')]));

        Assert.Equal($"bdist: {message.Replace("{folder}", run.Folder, StringComparison.Ordinal)}\n", run.Error);
        Assert.Null(run.Nodes.Started);
    }
}
