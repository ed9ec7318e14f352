using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>
/// A disk that refuses: the system calls of a destination fail in every way that disks have. That destination is never counted, says which path and what the error means, and
/// publishes nothing; the others of the run are not disturbed.
/// </summary>
public sealed class RefusedCallsTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    /// <summary>What is refused, from the how manieth call of a thread on, and what the reason has to have in it.</summary>
    private static readonly (string Calls, string Errno, int From, string Path, string Meaning)[] Refusals =
    [
        ("write", "EIO", 60, "d", "Input/output error"),
        ("write", "ENOSPC", 60, "d", "No space left on device"),
        ("write", "EDQUOT", 60, "d", "Disk quota exceeded"),
        ("write", "EROFS", 60, "d", "Read-only file system"),
        ("syncfs", "EIO", 1, "/staging/", "Input/output error"),
        ("syncfs", "ENOSPC", 1, "/staging/", "No space left on device"),
        ("syncfs", "EDQUOT", 1, "/staging/", "Disk quota exceeded"),
        ("fsync", "EIO", 1, "/tree", "Input/output error"),
        ("fsync", "ENOSPC", 1, "/tree", "No space left on device"),
        ("renameat2", "EIO", 1, "/manifests/", "Input/output error"),
        ("renameat2", "EROFS", 3, "/snapshots/", "Read-only file system"),
        ("renameat2", "ENOSPC", 3, "/snapshots/", "No space left on device"),
        ("mkdirat", "ENOSPC", 15, "d", "No space left on device"),
        ("mkdirat", "EDQUOT", 15, "d", "Disk quota exceeded"),
        ("mkdirat", "EROFS", 15, "d", "Read-only file system"),
        ("symlinkat", "EIO", 3, "/link", "Input/output error"),
        ("fchmod", "EROFS", 60, "d", "Read-only file system"),
        ("utimensat", "EIO", 60, "d", "Input/output error"),
    ];

    [SkippableFact]
    public async Task A_destination_whose_disk_refuses_is_never_counted_and_the_others_finish()
    {
        Strace.IsNeeded(_cluster.Folder);
        var source = _cluster.Folder.TwoThousandFiles();
        await _cluster.StartCoordinator();
        await _cluster.Destination("sound");
        // A few at a time: they are many processes for a small machine.
        foreach (var some in Refusals.Chunk(6)) await Refused(source, some);
    }

    public void Dispose() => _cluster.Dispose();

    private async Task Refused(string source, (string Calls, string Errno, int From, string Path, string Meaning)[] refusals)
    {
        var victims = refusals.Select(one => (Name: $"{one.Calls}-{one.Errno}", Refusal: one)).ToList();
        // The roots are there: what is refused is the run's.
        foreach (var (name, _) in victims) _cluster.Folder.Do($"mkdir -p {name}/.bdist && echo {name} > {name}/.bdist/id");
        var nodes = victims.Select(one => _cluster.StartDestinationBy(Strace.Refuse(one.Refusal.Calls, one.Refusal.Errno, one.Refusal.From), one.Name, "--output", "plain")).ToList();
        await _cluster.StatusCounts(victims.Count + 1, System.Diagnostics.Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(60));
        var origin = _cluster.Origin(source, "--copies", "1");
        Assert.Equal(0, await origin.Exit());
        var end = Assert.Single(origin.All("run-finished"));
        Assert.Equal(1, end.GetProperty("copies").GetInt32());
        var states = end.GetProperty("destinations").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        foreach (var (name, refusal) in victims)
        {
            _cluster.Bdist.Note($"measured: {name}: {states[name].GetProperty("reason").GetString()}");
            Assert.Equal("failed", states[name].GetProperty("state").GetString());
            Assert.Contains(refusal.Meaning, states[name].GetProperty("reason").GetString());
            Assert.Contains(refusal.Path, states[name].GetProperty("reason").GetString());
            Assert.Empty(_cluster.Replica(name).Snapshots);
        }
        _cluster.Replica("sound").IsFaithfulTo(source);
        foreach (var node in nodes) await node.Kill();
        _cluster.Bdist.Forget([.. nodes, origin]);
    }
}
