using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>Point 1: one command, one process. Point 7: a second run.</summary>
public sealed class CopyTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    [SkippableFact]
    public Task A_real_tree_arrives_at_three_folders_as_it_is() => Arrives("/usr/include");

    // Not all of its installation: the dotnet command writes into metadata beside it.
    [SkippableFact]
    [Trait("Length", "long")]
    public Task The_tree_of_the_SDK_arrives_too() => Arrives(
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../../sdk")));

    private async Task Arrives(string source)
    {
        Skip.IfNot(Directory.Exists(source), $"there is no {source} here");
        var copy = await _bdist.Run("copy", source, "a", "b", "c", "--name", "real");
        Assert.Equal(0, await copy.Exit());
        foreach (var root in new[] { "a", "b", "c" }) new Replica(Folder, Folder[root], "real").IsFaithfulTo(source);

        var end = await copy.Next("run-finished");
        Assert.Equal("protected", end.GetProperty("outcome").GetString());
        Assert.Equal((3, 3, 0, 0), (Int(end, "copies"), Int(end, "required"), Int(end, "skipped"), Int(end, "exit")));
        var totals =
            Folder.Do(
                $"find '{source}' -type f -printf '%s\n' | awk '{{ n += 1; b += $1 }} END {{ printf \"%d %d\", n, b "
                + "}'");
        Assert.Equal(totals, $"{end.GetProperty("files").GetInt64()} {end.GetProperty("bytes").GetInt64()}");
        Assert.Equal(new[] { "a", "b", "c" }.Select(root => $"{Folder[root].Trim('/').Replace('/', '-')} stored"),
            end.GetProperty("destinations").EnumerateArray()
                .Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("state").GetString()}")
                .Order(StringComparer.Ordinal));
        Assert.True(end.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(end.GetProperty("snapshot").GetString(),
            Assert.Single(new Replica(Folder, Folder["a"], "real").Snapshots));
        Assert.All(copy.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.EndsWith("Z", JsonDocument.Parse(line).RootElement.GetProperty("time").GetString()));
    }

    [Fact]
    public async Task Each_file_is_named_with_its_copies_up_to_all_of_them()
    {
        var copy = await _bdist.Run("copy", Folder.SmallTree(), "a", "b");
        Assert.Equal(0, await copy.Exit());
        foreach (var path in new[] { "one", "sub/two", "sub/nothing" })
            Assert.Equal(2,
                Int(copy.All("file-stored").Last(one => one.GetProperty("path").GetString() == path), "copies"));
        Assert.Single(copy.All("protected"));
        Assert.Single(copy.All("run-finished"));
        Assert.Equal("", copy.Error);
    }

    [Fact]
    public async Task Names_of_any_bytes_deep_paths_odd_modes_and_times_arrive()
    {
        var source = Folder.HardTree();
        var copy = await _bdist.Run("copy", source, "a", "b", "--name", "hard");
        Assert.Equal(0, await copy.Exit());
        foreach (var root in new[] { "a", "b" })
        {
            var replica = new Replica(Folder, Folder[root], "hard");
            replica.IsEqualTo(source);
            replica.ChecksumsPass();
        }
        var encoded = copy.All("file-stored")
            .Where(one => one.TryGetProperty("encoded", out var yes) && yes.GetBoolean())
            .Select(one => one.GetProperty("path").GetString());
        Assert.Contains("not-utf8-%FF%FE", encoded);
    }

    [Fact]
    public async Task A_second_run_makes_a_second_snapshot_and_leaves_the_first_as_it_was()
    {
        var source = Folder.SmallTree();
        await _bdist.Run("copy", source, "a", "b", "--name", "twice");
        var replica = new Replica(Folder, Folder["a"], "twice");
        var first = Assert.Single(replica.Snapshots);
        var before = replica.Listing(replica.Snapshot(first));

        Folder.Do("echo changed > source/one; rm source/sub/two; echo new > source/new");
        var second = await _bdist.Run("copy", source, "a", "b", "--name", "twice");
        Assert.Equal(0, await second.Exit());
        Assert.Equal(2, replica.Snapshots.Count);
        Assert.Equal(before, replica.Listing(replica.Snapshot(first)));
        replica.IsFaithfulTo(source);
        new Replica(Folder, Folder["b"], "twice").IsFaithfulTo(source);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(replica.Folder, "staging")));
    }

    [SkippableFact]
    public async Task A_file_that_may_not_be_read_is_named_and_the_rest_arrives()
    {
        var source = Folder.SmallTree();
        Folder.Do("echo secret > source/sub/secret; chmod 0 source/sub/secret");
        string[] program = [Path.Combine(Bdist.Program, "bdist")];
        if (Environment.IsPrivilegedProcess)
        {
            Skip.If(Folder.Run("setpriv --reuid=65534 --regid=65534 --clear-groups true").Exit != 0,
                "root can read every file, and setpriv is not here");
            Folder.Do(
                $"cp -r '{Bdist.Program}' program; chmod -R a+rX .; chown 65534:65534 . source/*; chown -R 65534:65534 "
                + "source; chmod 0 source/sub/secret");
            program = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Folder["program/bdist"]];
        }
        var copy = _bdist.StartAs(program, "copy", source, "a", "b", "--name", "secrets");
        Assert.Equal(4, await copy.Exit());
        Assert.Equal("sub/secret", Assert.Single(copy.All("skipped")).GetProperty("path").GetString());
        Assert.Equal("Only in source/sub: secret\n",
            Folder.Run("diff -r --no-dereference source a/secrets/latest/").Output);
    }

    public void Dispose() => _bdist.Dispose();

    private static int Int(JsonElement one, string field) => one.GetProperty(field).GetInt32();
}
