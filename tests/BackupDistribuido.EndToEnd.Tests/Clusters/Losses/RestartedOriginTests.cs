using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Clusters.Losses;

/// <summary>An origin that is killed in the middle of a run, and started again. A file that was sent once keeps its
/// inode at the destination.</summary>
[Trait("Length", "long")]
public sealed class RestartedOriginTests(ITestOutputHelper log) : IDisposable
{
    private const long BigBytes = 24L << 20;

    private readonly Cluster _cluster = new(log);

    [Fact]
    public async Task What_its_destinations_have_staged_is_not_sent_again()
    {
        // Three pages: a large file and 2,047 entries, 1,024 each, and the last one with the file that takes a while.
        _cluster.Folder.Do($"""
            mkdir -p source/small; head -c {BigBytes} /dev/urandom > source/a-big; head -c {10 * BigBytes} /dev/zero > source/z-big
            seq 3000 | split -l 1 -a 4 -d - source/small/f
            """);
        var source = _cluster.Folder["source"];
        await _cluster.StartCoordinator();
        await _cluster.Destination("first");
        await _cluster.Destination("second");
        // The last file takes 50 s, however late the test hears.
        var origin = _cluster.Origin(source, "--copies", "2", "--topology", "chain", "--limit", "5MB/s");
        await origin.Next("file-stored",
            one => one.GetProperty("path").GetString() == "small/f2990" && one.GetProperty("copies").GetInt32() == 2);
        await origin.Kill();
        var before =
            new[] { "first", "second" }.ToDictionary(name => name, name => Inodes($"{name}/tree/staging/*/tree"));

        Assert.Equal(0, await _cluster.Origin(source, "--copies", "2", "--topology", "chain").Exit());

        foreach (var (name, staged) in before)
        {
            var stored = Inodes($"{name}/tree/snapshots/*");
            var kept = staged.Count(file => stored.GetValueOrDefault(file.Key) == file.Value);
            _cluster.Bdist.Note($"measured: {name}: {kept} of {staged.Count} files that were staged were taken");
            Assert.Equal(staged["a-big"], stored["a-big"]);
            // Also the one that was being received.
            Assert.InRange(kept, 3000, 3002);
            _cluster.Replica(name).IsFaithfulTo(source);
            _cluster.Replica(name).HasNoLeftovers();
        }
    }

    public void Dispose() => _cluster.Dispose();

    private Dictionary<string, string> Inodes(string folder) =>
        _cluster.Folder.Do($"cd {folder} && find . -type f -printf '%P %i\\n'")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
}
