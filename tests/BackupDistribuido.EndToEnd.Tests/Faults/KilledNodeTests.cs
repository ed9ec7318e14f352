using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>
/// SIGKILL in a run of 2,000 files. Whatever is published at that moment is whole; once the killed node was started
/// again the tree gets protected, and nothing is left over.
/// </summary>
[Trait("Length", "long")]
public sealed class KilledNodeTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);
    private string _source = "";

    [Fact]
    public async Task A_destination_at_random_moments()
    {
        await Begin();
        var destination = await _cluster.Destination("first");
        var whole = await Duration(destination);
        await Cluster.Stop(destination);
        var published = 0;
        await Rounds.Play(Rounds.OrSoak(10), async (round, random) =>
        {
            var victim = await _cluster.Destination($"d{round}");
            // Every fifth time there is a snapshot before, which files are linked from and which is removed in the end.
            var isSecond = round % 5 == 0;
            if (isSecond) Assert.Equal(0, await Origin($"tree{round}").Exit());
            var origin = Origin($"tree{round}", "--keep", "1");
            await origin.Next("run-started");
            await Task.Delay(whole * ((isSecond ? 0.6 : 1.1) * random.NextDouble()));
            await victim.Kill();
            if (await Converges($"{round}", victim, origin, isSecond ? 1 : 0)) published++;
        });
        Measured(
            FormattableString.Invariant(
                $"{Rounds.OrSoak(10)} destinations killed within {1.1 * whole.TotalSeconds:0.00} s of the plan, {published} of them after the snapshot was published"));
    }

    [SkippableFact]
    public async Task A_destination_at_each_kind_of_call_that_changes_its_disk()
    {
        Strace.IsNeeded(_cluster.Folder);
        await Begin();
        var calls = await Calls();
        Assert.Superset(new HashSet<string> { "write", "fsync", "renameat2", "mkdirat", "symlinkat", "linkat", "fchmod",
            "utimensat", "unlinkat" }, calls.Keys.ToHashSet());
        var kinds = calls.Keys.Order(StringComparer.Ordinal).ToList();
        var killed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await Rounds.Play(Rounds.AreMany ? Rounds.OrSoak(0) * kinds.Count : 10, async (round, random) =>
        {
            var call = kinds[(Rounds.Seed + round) % kinds.Count];
            // Which thread makes how many differs a little from run to run; a smaller number is reached then.
            for (var n = calls[call][random.Next(calls[call].Count)]; ; n /= 2)
            {
                Assert.True(n > 0, $"no thread made {call}");
                if (!await KilledAt(call, n, $"{round}-{n}")) continue;
                killed[call] = killed.GetValueOrDefault(call) + 1;
                break;
            }
        });
        Measured($"destinations killed at {string.Join(", ", killed.Select(kind => $"{kind.Key} {kind.Value}"))}");
    }

    [Fact]
    public Task An_origin_at_random_moments() => PlayOthers(async (origin, name) =>
    {
        await origin.Kill();
        _cluster.Replica("d", name).EachSnapshotIsWhole(_source);
        return Origin(name);
    });

    [Fact]
    public Task A_coordinator_at_random_moments() => PlayOthers(async (origin, _) =>
    {
        var killed = _cluster.Coordinator;
        await killed.Kill();
        await _cluster.StartCoordinator();
        _cluster.Bdist.Forget(killed);
        return origin;
    });

    public void Dispose() => _cluster.Dispose();

    /// <summary>Kills someone in each round; <paramref name="kill"/> says which origin has to come to a good end after
    /// that.</summary>
    private async Task PlayOthers(Func<BdistProcess, string, Task<BdistProcess>> kill)
    {
        await Begin();
        var destination = await _cluster.Destination("d");
        // What runs for the first time is slower.
        await Duration(destination);
        var whole = await Duration(destination);
        var early = 0;
        await Rounds.Play(Rounds.OrSoak(10), async (round, random) =>
        {
            var name = $"tree{round}";
            var origin = Origin(name);
            await origin.Next("run-started");
            await Task.Delay(whole * (1.1 * random.NextDouble()));
            if (_cluster.Replica("d", name).Snapshots.Count == 0) early++;
            var last = await kill(origin, name);
            Assert.Equal(0, await last.Exit());
            IsProtected("d", name);
            _cluster.Bdist.Forget(origin, last);
        });
        Measured(
            FormattableString.Invariant(
                $"{Rounds.OrSoak(10)} kills within {1.1 * whole.TotalSeconds:0.00} s of the plan, {early} of them before the snapshot was published"));
        await Cluster.Stop(destination);
    }

    private async Task Begin()
    {
        _source = _cluster.Folder.TwoThousandOfEveryKind();
        await _cluster.StartCoordinator();
    }

    private BdistProcess Origin(string name, params string[] more) =>
        _cluster.Origin(_source, ["--copies", "1", "--name", name, .. more]);

    /// <summary>How long a run takes from its plan to its replica.</summary>
    private async Task<TimeSpan> Duration(BdistProcess destination)
    {
        var origin = Origin("first");
        var began = BdistProcess.Time(await origin.Next("run-started"));
        var took = BdistProcess.Time(await destination.Next("replica-stored")) - began;
        Assert.Equal(0, await origin.Exit());
        _cluster.Bdist.Forget(origin);
        return took;
    }

    /// <summary>Which calls a destination makes beneath its ROOT in a life of one run.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<int>>> Calls()
    {
        var record = _cluster.Folder["calls"];
        var destination = _cluster.StartDestinationBy(Strace.Record(record, Strace.Changing), "counted");
        await destination.Next("connected");
        await Duration(destination);
        await Cluster.Stop(destination);
        return Strace.Places(record, _cluster.Folder["counted"]);
    }

    /// <summary>False: it never came to that call.</summary>
    private async Task<bool> KilledAt(string call, int n, string round)
    {
        var victim = _cluster.StartDestinationBy(Strace.KillAt(call, n), $"d{round}");
        var origin = Origin($"tree{round}");
        await Task.WhenAny(victim.Exit(), origin.Exit());
        var isKilled = victim.HasExited;
        if (!isKilled) await victim.Kill();
        await Converges(round, victim, origin);
        return isKilled;
    }

    /// <summary>Whether something was published when the victim was killed.</summary>
    private async Task<bool> Converges(string round, BdistProcess victim, BdistProcess origin, int before = 0)
    {
        var (destination, name) = ($"d{round}", $"tree{round}");
        var replica = _cluster.Replica(destination, name);
        var isPublished = replica.Snapshots.Count > before;
        replica.EachSnapshotIsWhole(_source);
        var again = await _cluster.Destination(destination);
        Assert.Equal(0, await origin.Exit());
        // What it removes after the run, it has removed when it ends.
        await Cluster.Stop(again);
        // The one before goes after the run, or with the next one where the destination was killed in between.
        Assert.InRange(replica.Snapshots.Count, 1, 1 + before);
        IsProtected(destination, name);
        _cluster.Bdist.Forget(victim, origin, again);
        return isPublished;
    }

    /// <summary>The latest snapshot is the source, the others are whole, and nothing else is there. Makes room for the
    /// next round.</summary>
    private void IsProtected(string destination, string name)
    {
        var replica = _cluster.Replica(destination, name);
        replica.EachSnapshotIsWhole(_source);
        replica.IsEqualTo(_source);
        replica.IsRightFor(_source);
        replica.HasNoLeftovers();
        _cluster.Folder.Do($"chmod -R u+w {destination}/{name} && rm -rf {destination}/{name}");
    }

    private void Measured(string what) => _cluster.Bdist.Note($"measured: {what}");
}
