using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>A destination that is killed or stopped in the middle of a run, and started again.</summary>
[Trait("Length", "long")]
public sealed class ResumedDestinationTests(ITestOutputHelper log) : IDisposable
{
    private const long BigBytes = 64L << 20;

    private readonly Cluster _cluster = new(log);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_receives_only_the_rest(bool isKilled)
    {
        // Three pages: a large file and 2,047 entries, 1,024 each, and the last one with the file that takes a while.
        _cluster.Folder.Do($"""
            mkdir -p source/small; head -c {BigBytes} /dev/urandom > source/a-big; head -c {4 * BigBytes} /dev/zero > source/z-big
            seq 3000 | split -l 1 -a 4 -d - source/small/f
            """);
        var source = _cluster.Folder["source"];
        await _cluster.StartCoordinator();
        var victim = await _cluster.Destination("victim");
        // The last file takes 6 s, however fast the machine is and however late the test hears.
        var origin = _cluster.Origin(source, "--copies", "1", "--limit", "40MB/s");
        await victim.Next("file-stored", one => one.GetProperty("path").GetString() == "small/f2990");
        victim.Signal(isKilled ? PosixSignal.Kill : PosixSignal.Terminate);
        await victim.Exit();

        var again = await _cluster.Destination("victim");
        Assert.Equal(0, await origin.Exit());
        var resumed = Assert.Single(again.All("replica-resumed"));
        Assert.True(resumed.GetProperty("bytes").GetInt64() > BigBytes, resumed.ToString());
        await again.Next("replica-stored");
        var received = again.All("file-stored").Select(one => one.GetProperty("path").GetString()).ToList();
        Assert.Equal(3002, received.Count + resumed.GetProperty("files").GetInt64());
        Assert.DoesNotContain("a-big", received);
        // One page at most; nothing, where the last file was there before the destination had stopped.
        Assert.InRange(received.Count, 0, 1024);
        _cluster.Replica("victim").IsFaithfulTo(source);
        _cluster.Bdist.Note($"measured: kept {resumed}, received {received.Count} files");
    }

    [Fact]
    public async Task The_file_that_it_was_receiving_is_gone_on_with()
    {
        _cluster.Folder.Do($"mkdir source; head -c {4 * BigBytes} /dev/urandom > source/big");
        var source = _cluster.Folder["source"];
        await _cluster.StartCoordinator();
        var victim = await _cluster.Destination("victim");
        var origin = _cluster.Origin(source, "--copies", "1", "--limit", "40MB/s");
        await origin.Next("run-started");
        while (Staged() < BigBytes) await Task.Delay(20);
        Assert.True(await victim.Kill());
        var inode = Inode("staging/*/tree");

        await _cluster.Destination("victim");
        Assert.Equal(0, await origin.Exit());

        // It was not made anew, and its SHA-256 is right.
        Assert.Equal(inode, Inode("snapshots/*"));
        _cluster.Replica("victim").IsFaithfulTo(source);
        _cluster.Replica("victim").HasNoLeftovers();

        long Staged() =>
            _cluster.Folder.Run("stat -c %s victim/tree/staging/*/tree/big") is (0, var size)
                ? long.Parse(size, System.Globalization.CultureInfo.InvariantCulture) : 0;

        string Inode(string where) => _cluster.Folder.Do($"stat -c %i victim/tree/{where}/big");
    }

    public void Dispose() => _cluster.Dispose();
}
