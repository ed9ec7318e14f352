using System.Net;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>A bit that flips on the wire, past TCP's checksum.</summary>
public sealed class FlippedBitTests(ITestOutputHelper log) : IDisposable
{
    private const int Size = 1 << 20;

    private readonly Cluster _cluster = new(log);
    private FlippingProxy? _proxy;

    [Fact]
    public async Task It_is_found_at_the_files_digest_and_only_that_file_is_sent_again()
    {
        var (source, origin) = await Copy(flips: 1, copies: 2);
        Assert.Equal(0, await origin.Exit());
        Assert.Equal(2, _proxy!.Sent.Count);
        Assert.InRange(_proxy.Sent[0], 30L * Size, 32L * Size);
        // The file, its page, greeting and seal.
        Assert.InRange(_proxy.Sent[1], Size, Size + (256 * 1024));
        _cluster.Bdist.Note($"measured: down the first link {_proxy.Sent[0]} bytes, down the second {_proxy.Sent[1]}");
        _cluster.Replica("direct").IsFaithfulTo(source);
        _cluster.Replica("far").IsFaithfulTo(source);
    }

    [Fact]
    public async Task Three_times_the_same_and_the_link_is_failed_with_a_clear_message()
    {
        var (source, origin) = await Copy(flips: int.MaxValue, copies: 1);
        Assert.Equal(0, await origin.Exit());
        Assert.Equal(3, _proxy!.Sent.Count);
        var far = Assert.Single(Assert.Single(origin.All("run-finished")).GetProperty("destinations").EnumerateArray(),
            one => one.GetProperty("name").GetString() == "far");
        var reason = far.GetProperty("reason").GetString()!;
        _cluster.Bdist.Note($"measured: {reason}");
        Assert.Equal("failed", far.GetProperty("state").GetString());
        Assert.Contains("damaged in transit: 'file15'", reason);
        Assert.Contains("3 times", reason);
        _cluster.Replica("direct").IsFaithfulTo(source);
        Assert.Empty(_cluster.Replica("far").Snapshots);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _proxy?.Dispose();
    }

    /// <summary>30 files of 1 MiB, one of them with the marker in its middle, to a destination directly and to one
    /// behind the wire.</summary>
    private async Task<(string Source, BdistProcess Origin)> Copy(int flips, int copies)
    {
        var source = _cluster.Folder.MakeDirectory("source");
        for (var file = 10; file < 40; file++)
        {
            var content = new byte[Size];
            new Random(file).NextBytes(content);
            if (file == 15) FlippingProxy.Marker.CopyTo(content, Size / 2);
            File.WriteAllBytes(Path.Combine(source, $"file{file}"), content);
        }
        _proxy = new FlippingProxy(flips);
        await _cluster.StartCoordinator();
        await _cluster.Destination("direct");
        var far = _cluster.StartDestination("far", "--advertise", _proxy.Address);
        _proxy.Target = IPEndPoint.Parse((await far.Next("listening")).GetProperty("address").GetString()!);
        await far.Next("connected");
        return (source, _cluster.Origin(source, "--copies", $"{copies}"));
    }
}
