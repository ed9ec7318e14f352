using System.Diagnostics;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>
/// A disk that refuses: the system calls of a destination fail in every way that disks have. That destination is never
/// counted, says which path and what the error means, and publishes nothing; the others of the run are not disturbed.
/// </summary>
[Trait("Length", "long")]
public sealed class RefusedCallsTests(ITestOutputHelper log) : IDisposable
{
    private readonly Cluster _cluster = new(log);

    /// <summary>What goes wrong, and what the reason has to have in it: a part of the path, and what it
    /// means.</summary>
    private static readonly (string Name, string[] Strace, string Path, string Meaning)[] Refusals =
    [
        .. Disk("write", "60+", "d"),
        // A failed sync that is asked again on the same descriptor succeeds: once is the worst.
        .. Disk("syncfs", "1", "/staging/"),
        .. Disk("fsync", "1", "/tree"),
        .. Disk("renameat2", "3+", "/snapshots/"),
        .. Disk("mkdirat", "15+", "d"),
        .. Disk("linkat", "3+", "/second"),
        Refusal("renameat2", "EIO", "1+", "/manifests/", "Input/output error"),
        Refusal("symlinkat", "ENOSPC", "3+", "/link", "No space left on device"),
        Refusal("fchmod", "EROFS", "60+", "d", "Read-only file system"),
        Refusal("utimensat", "EIO", "60+", "d", "Input/output error"),
        // One byte is said to be written and is not: the file ends up shorter than what was hashed.
        ("write-short", Strace.Pretend("write", 1, "60"), "d", "Input/output error"),
    ];

    [SkippableFact]
    public async Task A_destination_whose_disk_refuses_is_never_counted_and_the_others_finish()
    {
        Strace.IsNeeded(_cluster.Folder);
        using var disk = Ext4Image.Mount(_cluster.Folder, 512);
        var source = _cluster.Folder.TwoThousandFiles();
        await _cluster.StartCoordinator();
        // A few at a time: they are many processes for a small machine.
        foreach (var some in Refusals.Chunk(9)) await Refused(disk.Path, source, some);
    }

    [SkippableFact]
    public async Task Where_each_file_is_synced_by_itself_a_refusal_tells_which()
    {
        Strace.IsNeeded(_cluster.Folder);
        Skip.If(_cluster.Folder.Do("stat -f -c %T .").Trim() is "ext2/ext3" or "xfs" or "btrfs",
            "all is synced at once on the file system of the temporary folder");
        await _cluster.StartCoordinator();
        await Refused(_cluster.Folder["."], _cluster.Folder.TwoThousandFiles(),
            [Refusal("fsync", "EIO", "60", "d", "Input/output error"),
                Refusal("fsync", "ENOSPC", "600", "d", "No space left on device")]);
    }

    [SkippableFact]
    public async Task A_disk_that_fills_up_fails_its_destination_only()
    {
        using var disk = Ext4Image.Mount(_cluster.Folder, 256);
        var source = _cluster.Folder.LargeTree(128);
        await _cluster.StartCoordinator();
        await _cluster.Destination("sound");
        var full = await _cluster.Destination("full", "--root", $"{disk.Path}/full");
        var origin = _cluster.Origin(source, "--copies", "1", "--limit", TreeMakers.LongEnough);
        await full.Next("file-stored");
        // It stands still while somebody else takes the room.
        full.Signal(PosixSignal.Stop);
        Assert.NotEqual(0, _cluster.Folder.Run("cat /dev/zero > disk/other").Exit);
        full.Signal(PosixSignal.Continue);
        Assert.Equal(0, await origin.Exit());
        Assert.Contains("No space left on device", Reason(origin, "full"));
        Assert.Empty(new Replica(_cluster.Folder, $"{disk.Path}/full", "tree").Snapshots);
        _cluster.Replica("sound").IsFaithfulTo(source);

        // With room again it takes the next run.
        _cluster.Folder.Do("rm disk/other");
        Assert.Equal(0, await _cluster.Origin(source, "--copies", "2").Exit());
        new Replica(_cluster.Folder, $"{disk.Path}/full", "tree").IsFaithfulTo(source);
        await Cluster.Stop(full);
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>One kind of call, refused as disks do.</summary>
    private static IEnumerable<(string Name, string[] Strace, string Path, string Meaning)> Disk(string call,
        string when, string path) =>
    [
        Refusal(call, "EIO", when, path, "Input/output error"),
            Refusal(call, "ENOSPC", when, path, "No space left on device"),
        Refusal(call, "EDQUOT", when, path, "Disk quota exceeded"),
            Refusal(call, "EROFS", when, path, "Read-only file system"),
    ];

    private static (string Name, string[] Strace, string Path, string Meaning) Refusal(string call, string errno,
        string when, string path, string meaning) =>
        ($"{call}-{when.TrimEnd('+')}-{errno}", Strace.Refuse(call, errno, when), path, meaning);

    private static string Reason(BdistProcess origin, string destination)
    {
        var one = Assert.Single(Assert.Single(origin.All("run-finished")).GetProperty("destinations").EnumerateArray(),
            one => one.GetProperty("name").GetString() == destination);
        Assert.Equal("failed", one.GetProperty("state").GetString());
        return one.GetProperty("reason").GetString()!;
    }

    private async Task Refused(string place, string source,
        (string Name, string[] Strace, string Path, string Meaning)[] refusals)
    {
        // It has no snapshot that the others would be brought to before the run.
        _cluster.Folder.Do("rm -rf sound");
        var sound = await _cluster.Destination("sound");
        // Their roots are there: what is refused is the run's.
        foreach (var (name, _, _, _) in refusals)
            _cluster.Folder.Do($"mkdir -p '{place}/{name}/.bdist' && echo {name} > '{place}/{name}/.bdist/id'");
        var victims = refusals.Select(one =>
            _cluster.StartDestinationBy(one.Strace, one.Name, "--root", $"{place}/{one.Name}", "--output", "plain"))
                .ToList();
        await _cluster.StatusCounts(victims.Count + 1, Stopwatch.GetTimestamp(), TimeSpan.FromMinutes(3));
        var origin = _cluster.Origin(source, "--copies", "1");
        Assert.Equal(0, await origin.Exit());
        Assert.Equal(1, Assert.Single(origin.All("run-finished")).GetProperty("copies").GetInt32());
        foreach (var (name, _, path, meaning) in refusals)
        {
            var reason = Reason(origin, name);
            _cluster.Bdist.Note($"measured: {name}: {reason}");
            Assert.Contains(meaning, reason);
            Assert.Contains(path, reason);
            Assert.Empty(new Replica(_cluster.Folder, $"{place}/{name}", "tree").Snapshots);
        }
        _cluster.Replica("sound").IsFaithfulTo(source);
        foreach (var victim in victims) await victim.Kill();
        foreach (var (name, _, _, _) in refusals) _cluster.Folder.Do($"rm -rf '{place}/{name}'");
        await Cluster.Stop(sound);
        // The next ones are counted by themselves, and have their name.
        await _cluster.StatusCounts(0, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(60));
        _cluster.Bdist.Forget([.. victims, origin]);
    }
}
