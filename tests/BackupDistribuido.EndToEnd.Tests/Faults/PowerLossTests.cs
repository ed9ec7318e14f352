using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>The power of a destination's disk goes in a run of 2,000 files. What was reported stored before is there
/// and whole afterwards; what was not is whole or not there.</summary>
[Trait("Length", "long")]
public sealed class PowerLossTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);
    private Ext4Image? _disk;
    private string _source = "";

    [SkippableFact]
    public async Task What_was_reported_stored_outlives_it()
    {
        await Begin();
        var destination = await Destination("first");
        var origin = Origin("first");
        var began = BdistProcess.Time(await origin.Next("run-started"));
        var whole = BdistProcess.Time(await destination.Next("replica-stored")) - began;
        await Cluster.Stop(destination);

        var (stored, unreported) = (0, 0);
        await Rounds.Play(Rounds.OrSoak(10), async (round, random) =>
        {
            var name = $"d{round}";
            var victim = await Destination(name);
            origin = Origin(name);
            await origin.Next("run-started");
            // Every third time at once when it says that it has stored, which is where too little would show.
            if (round % 3 == 0) await victim.Next("replica-stored");
            else await Task.Delay(whole * (1.1 * random.NextDouble()));
            _disk!.CutPower();
            // Time to say what is not true.
            await Task.WhenAny(victim.Next("warning"), Task.Delay(TimeSpan.FromMilliseconds(300)));
            await victim.Kill();
            await origin.Kill();
            var reported =
                victim.All("replica-stored").Select(one => one.GetProperty("snapshot").GetString()!).ToList();
            _disk.MountAgain();

            var replica = Replica(name);
            Assert.Subset(replica.Snapshots.ToHashSet(), reported.ToHashSet());
            replica.EachSnapshotIsWhole(_source);
            if (reported.Count > 0) stored++;
            else if (replica.Snapshots.Count > 0) unreported++;

            var again = await Destination(name);
            var last = Origin(name);
            Assert.Equal(0, await last.Exit());
            replica.EachSnapshotIsWhole(_source);
            replica.IsEqualTo(_source);
            replica.IsRightFor(_source);
            replica.HasNoLeftovers();
            await Cluster.Stop(again);
            _cluster.Bdist.Forget(victim, origin, again, last);
            _cluster.Folder.Do($"chmod -R u+w disk/{name} && rm -rf disk/{name}");
        });
        _cluster.Bdist.Note(
            $"measured: {Rounds.OrSoak(10)} power cuts, {stored} after a replica was reported stored, {unreported} "
            + "with a whole one that was not reported yet");
        Assert.True(stored > 0, "no replica was ever reported before the power went");
    }

    [SkippableFact]
    public async Task Without_the_durability_calls_it_would_not_so_the_cut_is_one()
    {
        await Begin();
        Strace.IsNeeded(_cluster.Folder);
        var victim =
            _cluster.StartDestinationBy(Strace.Pretend("fsync,syncfs", 0), "liar", "--root", $"{_disk!.Path}/liar");
        await victim.Next("connected");
        var origin = Origin("liar");
        await victim.Next("replica-stored");
        _disk.CutPower();
        await victim.Kill();
        await origin.Kill();
        _disk.MountAgain();
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() =>
        {
            Assert.Single(Replica("liar").Snapshots);
            Replica("liar").EachSnapshotIsWhole(_source);
        });
    }

    public void Dispose()
    {
        _disk?.Dispose();
        _cluster.Dispose();
    }

    private async Task Begin()
    {
        _disk = Ext4Image.Mount(_cluster.Folder, 300);
        _source = _cluster.Folder.TwoThousandOfEveryKind();
        await _cluster.StartCoordinator();
    }

    private Replica Replica(string name) => new(_cluster.Folder, $"{_disk!.Path}/{name}", name);

    private Task<BdistProcess> Destination(string name) =>
        _cluster.Destination(name, "--root", $"{_disk!.Path}/{name}");

    private BdistProcess Origin(string name) => _cluster.Origin(_source, "--copies", "1", "--name", name);
}
