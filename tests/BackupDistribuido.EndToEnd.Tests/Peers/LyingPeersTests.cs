using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Peers;

/// <summary>
/// Each lie of <c>tests/peer/lies.py</c> once, told to a destination or to an origin: the code is said that the text
/// allows, in its time, nothing torn is published, and the run ends protected by its next epoch.
/// </summary>
[Trait("Length", "long")]
public sealed class LyingPeersTests(ITestOutputHelper log) : IDisposable
{
    private const int AtOnce = 12;

    /// <summary>What a busy machine needs beyond the times of the text.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>No run takes longer after its last fault.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private Relays? _relays;
    private string _source = "";

    private Relays Relays => _relays ??= new Relays(log);

    private Cluster Cluster => Relays.Cluster;

    private TemporaryFolder Folder => Relays.Folder;

    [SkippableFact]
    public async Task Each_lie_gets_its_code_and_costs_the_run_an_epoch_at_most()
    {
        var lies = Relays.Run("lies.py").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Lie.Parse)
            .Where(lie => !lie.IsForContent && !lie.IsForHours).ToList();
        Assert.InRange(lies.Count, 115, 200);
        await Start();
        var faults = new List<string>();
        // What takes minutes first.
        await Each(lies.OrderByDescending(lie => lie.Takes), lie => lie.Name, async lie =>
        {
            var fault = await Told(lie);
            if (fault is not null) lock (faults) faults.Add($"{lie.Name}: {fault}");
        });
        Assert.True(faults.Count == 0, string.Join('\n', faults.Order(StringComparer.Ordinal)));
    }

    public void Dispose() => _relays?.Dispose();

    private BdistProcess _relay = null!;

    /// <summary>Three pages, each with files.</summary>
    private async Task Start()
    {
        Folder.Do("""
            mkdir -p source/{1..3} large; cd source
            for d in 1 2 3; do
                for i in $(seq 20); do head -c $((i * 401)) /dev/urandom > $d/f$i; done
                (cd $d; seq 700 | xargs -n 100 bash -c 'for i; do ln -s nowhere l$i; done' -)
            done
            head -c 1500000 /dev/urandom > 2/big; head -c 900000 /dev/urandom > 1/big
            cd ../large; seq 1100 | xargs -n 100 bash -c 'for i; do ln -s nowhere a$i; done' -
            head -c 48000000 /dev/urandom > big; echo end > end
            """);
        _source = Folder["source"];
        await Cluster.StartCoordinator();
        (_, _relay, _) = await Relays.Destination("far", "--lies");
    }

    private static async Task Each<T>(IEnumerable<T> all, Func<T, string> name, Func<T, Task> run)
    {
        using var places = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(all.Select(async one =>
        {
            await places.WaitAsync();
            try
            {
                await run(one);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name(one)}: {e.Message}", e);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    /// <summary>A run whose first link is lied on; what was wrong, or null.</summary>
    private async Task<string?> Told(Lie lie)
    {
        var source = lie.NeedsMuch ? Folder["large"] : _source;
        var origin = Cluster.Origin(source, "--name", lie.Name);
        if (await origin.Exit(TimeSpan.FromMinutes(5)) is not 0 and var exit) return $"exit {exit}";
        var told = _relay.All("lied").Where(one => one.GetProperty("lie").ValueEquals(lie.Name)).ToList();
        if (told.Count == 0) return "was not told";
        var at = BdistProcess.Time(told[0]);
        var words = told[0].GetProperty("what").GetString()!;
        var after = new[] { "got-error", "sent-error", "failed" }.SelectMany(_relay.All)
            .Where(one => one.TryGetProperty("parent", out var parent) && parent.ValueEquals(lie.Name)
                && BdistProcess.Time(one) >= at)
            .OrderBy(BdistProcess.Time).ToList();
        // Who gives a link up for the next plan says so; that answers nothing.
        var answer = after.Find(one => one.GetProperty("event").ValueEquals("got-error")
            && one.GetProperty("link").ValueEquals(lie.Side == "parent" ? "down" : "up")
            && !one.GetProperty("code").ValueEquals("stopping"));
        var code = answer.ValueKind == JsonValueKind.Undefined ? "none" : answer.GetProperty("code").GetString()!;
        if (!lie.Codes.Contains(code) && !(code == "none" && lie.MayBeUnanswered(words)))
            return $"{words}: got {code} instead of {string.Join('/', lie.Codes)}";
        if (code != "none" && lie.Within is { } within && BdistProcess.Time(answer) - at > within + Slack)
            return $"{code} came after {BdistProcess.Time(answer) - at}";
        var ended = BdistProcess.Time(origin.All("run-finished")[^1]);
        var last = after.Select(BdistProcess.Time).Where(time => time <= ended).Append(at).Max();
        if (ended - last > Recovery) return $"ended {ended - last} after the last fault";
        if (lie.IsLegal && origin.All("run-started").Count > 1) return "cost an epoch";
        var replica = Cluster.Replica("far", lie.Name);
        replica.EachSnapshotIsWhole(source);
        Assert.Single(replica.Snapshots);
        Cluster.Bdist.Forget(origin);
        return null;
    }

    /// <summary>One line of the table of lies.</summary>
    private sealed record Lie(string Name, string Side, IReadOnlyList<string> Verbs, IReadOnlyList<string> Codes,
        TimeSpan? Within)
    {
        /// <summary>It is about content by digest, which no node asks for yet.</summary>
        public bool IsForContent =>
            Name.StartsWith("answer-", StringComparison.Ordinal) || Verbs is ["WANT"];

        /// <summary>Signs of life go on and nothing else: the coordinator waits 5 min, a parent for DONE 15.</summary>
        public bool IsForHours => Name is "withhold-done" or "withhold-seal" or "withhold-page";

        /// <summary>It shows where more is sent than sockets hold.</summary>
        public bool NeedsMuch => Name == "deaf-child";

        public bool IsLegal => Codes is ["none"];

        public double Takes => Name is "deaf-parent" ? 120 : Within?.TotalSeconds ?? 15;

        public static Lie Parse(string line)
        {
            var lie = JsonDocument.Parse(line).RootElement;
            return new Lie(lie.GetProperty("lie").GetString()!, lie.GetProperty("side").GetString()!,
                [.. lie.GetProperty("verbs").EnumerateArray().Select(one => one.GetString()!)],
                [.. lie.GetProperty("codes").EnumerateArray().Select(one => one.GetString()!)],
                lie.GetProperty("seconds") is { ValueKind: JsonValueKind.Number } seconds
                    ? TimeSpan.FromSeconds(seconds.GetInt32()) : null);
        }

        /// <summary>Whether nobody can or need answer: a parent that has ended its direction after SEAL; a connection
        /// that ended before its first byte.</summary>
        public bool MayBeUnanswered(string words) => words.StartsWith("DONE ", StringComparison.Ordinal)
            || (Name == "cut-parent" && words.StartsWith("HELLO ", StringComparison.Ordinal));
    }
}
