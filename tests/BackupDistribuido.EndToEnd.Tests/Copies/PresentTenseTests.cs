using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>A copy counts while it is there and sound: what is gone, what rots and what shares it stops
/// counting.</summary>
public sealed class PresentTenseTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task What_was_removed_below_a_running_destination_stops_counting_and_comes_again()
    {
        await _cluster.StartCoordinator();
        var config = _cluster.Bdist.Config("destination.conf", "backup.destination.look-every = 1s");
        var (first, second) = (await _cluster.Destination("first", "--config", config),
            await _cluster.Destination("second", "--config", config));
        var source = _cluster.Folder.SmallTree();
        Assert.Equal(0, await _cluster.Origin(source, "--copies", "2").Exit());

        // Another one has it: it is sent again, without the origin.
        _cluster.Folder.Do("rm -rf first/tree");
        Assert.Equal("replica-damaged", (await first.Next("replica-damaged")).GetProperty("event").GetString());
        await first.Next("replica-stored");
        await _cluster.Coordinator.Next("replica-damaged");
        _cluster.Replica("first").IsEqualTo(source);

        _cluster.Folder.Do("rm -rf first/tree second/tree");
        await first.Next("replica-damaged");
        await second.Next("replica-damaged");
        await _cluster.Coordinator.Next("replica-damaged");
        await _cluster.Coordinator.Next("replica-damaged");
        var status = await _cluster.Status();
        Assert.False(status.GetProperty("protected").GetBoolean());
        Assert.Equal(0,
            Assert.Single(status.GetProperty("snapshots").EnumerateArray()).GetProperty("copies").GetInt32());

        Assert.Equal(0, await _cluster.Origin(source, "--copies", "2").Exit());
        Assert.True((await _cluster.Status()).GetProperty("protected").GetBoolean());
    }

    [Fact]
    public async Task A_rotten_byte_does_not_come_into_a_new_snapshot_and_every_snapshot_that_has_it_is_damaged()
    {
        await _cluster.StartCoordinator();
        var node = await _cluster.Destination("nas");
        var source = _cluster.Folder.SmallTree();
        for (var run = 0; run < 2; run++) Assert.Equal(0, await _cluster.Origin(source).Exit());
        _cluster.Folder.Do($"""
            cd '{_cluster.Replica("nas").Latest}/'
            touch -r one '{_cluster.Folder["times"]}'; printf '\377' | dd of=one bs=1 conv=notrunc status=none; touch -r '{_cluster.Folder["times"]}' one
            chmod 0600 '{source}/one'
            """);

        // Its metadata changed: what was there is copied, and read for that.
        Assert.Equal(0, await _cluster.Origin(source).Exit());

        _cluster.Replica("nas").IsFaithfulTo(source);
        _cluster.Replica("nas").ChecksumsPass();
        for (var both = 0; both < 2; both++)
            Assert.Equal("one", (await node.Next("replica-damaged")).GetProperty("first").GetString());
        await _cluster.Coordinator.Next("replica-damaged");
        Assert.Equal(2, _cluster.Folder.Do("grep -l ^damaged nas/tree/manifests/*.verified | wc -l")[0] - '0');
        Assert.True((await _cluster.Status()).GetProperty("protected").GetBoolean());
    }

    public void Dispose() => _cluster.Dispose();
}
