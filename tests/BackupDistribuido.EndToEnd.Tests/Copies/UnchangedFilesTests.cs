using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>A further run sends what has changed; the rest is taken from the snapshot before, at each destination from
/// its own.</summary>
[Trait("Length", "long")]
public sealed class UnchangedFilesTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    [Fact]
    public async Task Unchanged_files_take_no_room_and_changed_ones_are_right()
    {
        var source = Tree();
        await Copy(source, "a");
        Folder.Do(
            "cd source; echo new >> d/f7; chmod 600 d/f8; rm d/f9; mv d/f10 d/f10b; ln d/f11 d/another; echo more > "
            + "d/more; touch d");

        // One destination has the snapshot before, the other has nothing.
        await Copy(source, "a", "b");

        foreach (var root in new[] { "a", "b" }) Replica(root).IsRightFor(source);
        Assert.Equal(Replica("a").Snapshots[^1], Assert.Single(Replica("b").Snapshots));
        Assert.Equal("d/another\nd/f10b\nd/f11\nd/f7\nd/f8\nd/more\n", NotLinked("a"));
        Replica("a").ChecksumsPass();
        // Once more, with nothing changed.
        await Copy(source, "a", "b");
        foreach (var root in new[] { "a", "b" }) Replica(root).IsRightFor(source);
        Assert.Equal("", NotLinked("a"));
        Assert.Equal("", NotLinked("b"));
    }

    [Theory]
    [InlineData("the origin's record is gone", "rm state/*.record")]
    [InlineData("it is damaged", "for f in state/*.record; do tr 0123 3210 < $f > x; mv x $f; done")]
    public async Task Without_a_record_it_only_takes_longer(string why, string loss)
    {
        _bdist.Note(why);
        var source = Tree();
        await Copy(source, "a");
        Folder.Do(loss);
        await Copy(source, "a");
        Replica("a").IsRightFor(source);
        Assert.Equal("", NotLinked("a"));
    }

    [Fact]
    public async Task With_checksum_content_that_changed_under_the_same_size_and_time_is_found_at_both_ends()
    {
        var source = Tree();
        await Copy(source, "a");
        // A file that a program overwrote and gave its old time, and a bit that the destination's disk has lost.
        Folder.Do(
            $"for f in source/d/f1 '{Replica("a").Latest}/d/f2'; do cp -p $f ref; printf 'X' | dd of=$f conv=notrunc "
            + "status=none; touch -r ref $f; done");

        await Copy(source, "a", "--checksum");

        Replica("a").IsRightFor(source);
        Replica("a").ChecksumsPass();
        Assert.Equal("d/f1\nd/f2\n", NotLinked("a"));
    }

    private string Tree()
    {
        Folder.Do(
            "mkdir -p source/d; for i in $(seq 40); do head -c $((i * 700)) /dev/urandom > source/d/f$i; done; touch "
            + "-d '1 hour ago' source/d/*; sleep 0.01");
        return Folder["source"];
    }

    private async Task Copy(string source, params string[] more)
    {
        var copy = await _bdist.Run(["copy", source, .. more, "--name", "tree"]);
        Assert.Equal(0, await copy.Exit());
    }

    public void Dispose() => _bdist.Dispose();

    private Replica Replica(string root) => new(Folder, Folder[root], "tree");

    /// <summary>Files of the newest snapshot that are not in the one before under the same name.</summary>
    private string NotLinked(string root)
    {
        var ids = Replica(root).Snapshots;
        return Folder.Do($"""
            cd '{Replica(root).Snapshot(ids[^1])}'
            find . -type f -printf '%P\n' | LC_ALL=C sort | while read -r f; do [ "$f" -ef '{Replica(root).Snapshot(ids[^2])}'/"$f" ] || echo "$f"; done
            """);
    }
}
