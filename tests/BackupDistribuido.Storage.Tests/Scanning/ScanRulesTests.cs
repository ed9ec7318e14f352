using System.Text;
using BackupDistribuido.Core.Patterns;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Tests.Scanning;

public sealed class ScanRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Run("for mount in tree/*/; do umount \"$mount\" 2> /dev/null; done");
        _folder.Dispose();
    }

    private List<Entry> Scan(string patterns = "", bool oneFileSystem = false)
    {
        Assert.True(PatternFile.TryParse(Encoding.UTF8.GetBytes(patterns), out var list, out _, out _));
        using var tree = SourceTree.Open(_folder["tree"], new ScanRules(new PatternList(list), oneFileSystem));
        return [.. tree.Scan(_ => { })];
    }

    private static IEnumerable<string> Paths(IEnumerable<Entry> entries) =>
        entries.Select(entry => entry.Path.ToString());

    [Fact]
    public void What_is_excluded_is_neither_there_nor_named_nor_counted()
    {
        _folder.Do(
            "mkdir -p tree/a/b tree/build; mkfifo tree/pipe; echo 12345 > tree/a/b/keep; : > tree/a/x.tmp; : > "
            + "tree/build/x");

        var entries = Scan("*.tmp\n/build/\npipe\n");

        Assert.Equal([".", "a", "a/b", "a/b/keep"], Paths(entries));
        Assert.Equal(new TreeTotals(4, 1, 6),
            entries.Aggregate(default(TreeTotals), (totals, entry) => totals.With(entry)));
    }

    [Fact]
    public void What_lies_in_an_excluded_directory_is_not_included_again()
    {
        _folder.Do("mkdir -p tree/out/in tree/all; : > tree/out/in/file; : > tree/all/file; : > tree/all/other");

        Assert.Equal([".", "all", "all/file"], Paths(Scan("out/\n!out/in/file\nall/*\n!all/file\n")));
    }

    [SkippableFact]
    public void An_excluded_directory_is_not_entered()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root reads everything");
        _folder.Do("mkdir -p tree/closed; chmod 0000 tree/closed");

        Assert.Equal(["."], Paths(Scan("closed\n")));
    }

    [SkippableTheory]
    [InlineData("mount -t tmpfs bdist-test tree/b", true)]
    [InlineData("mount --bind elsewhere tree/b", true)]
    [InlineData("mount --bind tree/a tree/b", true)]
    [InlineData("true", false)]
    public void On_one_file_system_a_directory_that_is_a_mount_point_is_an_empty_one(string mount, bool isMount)
    {
        Skip.If(isMount && !Environment.IsPrivilegedProcess, "only root mounts");
        _folder.Do("mkdir -p tree/a tree/b/inner tree/c elsewhere; : > tree/a/file; : > tree/c/file");
        Skip.IfNot(_folder.Run(mount).Exit == 0, "nothing may be mounted here");
        _folder.Do("mkdir -p tree/b/inner; : > tree/b/inner/file; chmod 0710 tree/b; touch -d @1000000000 tree/b");

        string[] entered = [".", "a",
            .. Directory.GetFileSystemEntries(_folder["tree/a"], "*", SearchOption.AllDirectories)
                .Select(path => path[(_folder["tree"].Length + 1)..]).Order(StringComparer.Ordinal)];
        string[] inside = [.. Directory.GetFileSystemEntries(_folder["tree/b"], "*", SearchOption.AllDirectories)
            .Select(path => path[(_folder["tree"].Length + 1)..]).Order(StringComparer.Ordinal)];
        Assert.Contains("b/inner/file", inside);
        Assert.Equal([.. entered, "b", .. inside, "c", "c/file"], Paths(Scan()));
        var one = Scan(oneFileSystem: true);
        Assert.Equal([.. entered, "b", .. isMount ? [] : inside, "c", "c/file"], Paths(one));
        var directory = Assert.IsType<DirectoryEntry>(one.Single(entry => entry.Path.ToString() == "b"));
        Assert.Equal((0x1C8, new FileTime(1_000_000_000, 0)), (directory.Metadata.Mode, directory.Metadata.Modified));
        // rsync compares devices only, so it does not see a mount of the same one.
        if (mount.Contains("tmpfs", StringComparison.Ordinal))
            Assert.Equal(Paths(one).Order(StringComparer.Ordinal),
                _folder.Do("rsync -ax --list-only tree/ | awk '{print $NF}'")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }
}
