using System.Runtime.InteropServices;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Tests.Sending;

/// <summary>Files that can't be opened just now. The lease is a real one, of this process: who opens such a file is
/// told to come again, and who has it is asked to give it up.</summary>
public sealed class RetriedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HandClock _clock = new();
    private readonly List<string> _said = [];
    private readonly ParcelBuilder _parcels = new(new BufferPool());
    private readonly LiveTree _tree;

    public RetriedFilesTests()
    {
        _folder.Do("mkdir source; echo 1 > source/f1; echo 22 > source/f2; echo 333 > source/f3");
        _tree = new LiveTree(SourceTree.Open(_folder["source"]),
            new TreeObserver(left => _said.Add($"left out {left.Path}"), _ => { }, (_, _) => { },
                said => _said.Add(said.Message.ToString())));
    }

    public void Dispose()
    {
        _tree.Dispose();
        _parcels.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void A_leased_file_comes_after_the_others_when_its_lease_is_given_up()
    {
        using var lease = Lease("f1");
        using var reader = Begin();

        Assert.False(reader.Fill());
        Assert.Equal([2, 3], Ends());
        Assert.NotNull(reader.Pause);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(reader.Fill());
        lease.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(reader.Fill());
        Assert.Equal([1], Ends());
        Assert.Empty(_said);
        Assert.NotNull(_tree.Seal);
    }

    [SkippableFact]
    public void Who_waits_for_it_hears_that_it_goes_on_and_at_its_end_that_it_is_left_out()
    {
        using var lease = Lease("f2");
        using var reader = Begin();
        Assert.False(reader.Fill());
        Assert.Equal([1, 3], Ends());

        var silences = new List<int>();
        for (var (waited, silent) = (0, 0); !reader.Fill(); waited++, silent++)
        {
            Assert.InRange(waited, 0, 60);
            if (Frames().OfType<AgainFrame>().Any())
            {
                silences.Add(silent);
                silent = 0;
            }
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(silences, silence => Assert.InRange(silence, 1, 6));
        Assert.InRange(silences.Count, 5, 10);
        Assert.Equal([new OmitFrame(2, Omission.Unreadable)], Frames());
        Assert.Contains("f2: another program has a lease on it", _said[0], StringComparison.Ordinal);
        Assert.Equal(1, _tree.Seal!.Skipped);
    }

    [SkippableFact]
    public void What_is_sealed_and_leased_is_waited_for_a_moment_only()
    {
        using (var first = Begin()) Assert.True(first.Fill());
        Frames();
        using var lease = Lease("f2");
        using var reader = Begin();
        Assert.False(reader.Fill());
        for (var waited = 0; !reader.Fill(); waited++)
        {
            Assert.InRange(waited, 0, 13);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(new SpoiledFrame(2), Frames()[^1]);
    }

    [Fact]
    public void A_shortage_is_waited_for_a_few_times()
    {
        var held = new RetriedFiles(_clock, TimeSpan.FromSeconds(45));
        var need = new Need(7, 5);
        for (var tries = 0; tries < Shortage.Tries; tries++)
        {
            Assert.True(held.Add(need, isShortage: true, mayAnnounce: true));
            Assert.NotNull(held.Pause);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(held.Pause);
            Assert.Equal(need, held.Take());
        }
        Assert.False(held.Add(need, isShortage: true, mayAnnounce: true));
        held.Over(7);
        Assert.Equal(0, held.Count);
    }

    private ContentReader Begin()
    {
        var page = _tree.Page(0)!;
        var reader = new ContentReader(_tree, _parcels,
            new RetriedFiles(_clock, TimeSpan.FromSeconds(45)))
        { AnnouncedEnd = page.First + page.Count };
        reader.Begin(page, NeedSet.Of([new Need(1, 0), new Need(2, 0), new Need(3, 0)]));
        return reader;
    }

    private List<Frame> Frames()
    {
        if (_parcels.Take() is not { } parcel) return [];
        List<Frame> frames = [.. parcel.Frames.Select(slice => slice.Frame)];
        parcel.Release();
        return frames;
    }

    private List<long> Ends() => [.. Frames().OfType<EndFrame>().Select(end => end.Entry)];

    private FileStream Lease(string name)
    {
        const int setSignal = 10, setLease = 1024, write = 1, urgent = 23;
        var file = new FileStream(_folder[$"source/{name}"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var fd = (int)file.SafeFileHandle.DangerousGetHandle();
        // The signal that asks for it back is one that does nothing.
        var isHeld = Fcntl(fd, setSignal, urgent) == 0 && Fcntl(fd, setLease, write) == 0;
        if (!isHeld) file.Dispose();
        Skip.IfNot(isHeld, "no leases here");
        return file;
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Fcntl(int fd, int command, nint argument);
}
