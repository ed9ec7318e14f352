using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Tests.Sending;

/// <summary>From needs to frames, over real files. What a receiver makes of them is tested with
/// <see cref="HandLink"/>.</summary>
public sealed class ContentReaderTests : IDisposable
{
    private static readonly byte[] Content = SampleFiles.Content(900_000, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<OmittedEntry> _omitted = [];
    private readonly List<(TreePath Path, long Kept)> _grown = [];
    private readonly BufferPool _pool = new();
    private readonly ParcelBuilder _parcels;
    private ISnapshotSource? _tree;

    private TreeObserver Notes => new(_omitted.Add, _ => { }, (path, bytes) => _grown.Add((path, bytes)));

    public ContentReaderTests()
    {
        _folder.MakeDirectory("source");
        _parcels = new ParcelBuilder(_pool);
    }

    private string F => _folder["source/f"];

    [Fact]
    public void Of_a_file_that_every_receiver_has_only_the_digest_is_sent()
    {
        File.WriteAllBytes(F, Content);

        var frames = Read(new Need(1, Content.Length));

        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], frames);
        Assert.Equal(new TreeTotals(2, 1, Content.Length), Sent);
    }

    [Fact]
    public void A_file_that_nobody_needs_is_read_for_its_digest_all_the_same()
    {
        File.WriteAllBytes(F, Content);

        var frames = Read();

        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], frames);
        Assert.NotNull(_tree!.Seal);
        Assert.Equal(Sha256Digest.Of(Content), Assert.IsType<FileEntry>(_tree.Page(0)![1]).Digest);
    }

    [Fact]
    public void Only_what_lies_behind_the_need_is_sent_under_the_digest_of_all()
    {
        File.WriteAllBytes(F, Content);

        var frames = Read(new Need(1, 700_001));

        Assert.Equal(700_001, frames.OfType<DataFrame>().First().Offset);
        Assert.Equal(Content.Length - 700_001, frames.OfType<DataFrame>().Sum(data => data.Length));
        Assert.Equal(new EndFrame(1, Content.Length, Sha256Digest.Of(Content)), frames[^1]);
    }

    [Fact]
    public void A_digest_that_is_known_is_not_read_for_again()
    {
        File.WriteAllBytes(F, Content);
        Read();
        Assert.Empty(Read());

        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], Read(new Need(1, Content.Length)));
    }

    [SkippableFact]
    public void A_file_that_cannot_be_opened_is_left_out_and_named()
    {
        File.WriteAllBytes(F, Content);
        File.SetUnixFileMode(F, UnixFileMode.None);
        Skip.If(Xunit.Record.Exception(() => File.OpenRead(F).Dispose()) is null, "this user may read every file");

        Assert.Equal([new OmitFrame(1, Omission.Unreadable)], Read(new Need(1, 0)));
        IsLeftOut(Omission.Unreadable);
    }

    [SkippableFact]
    public void A_file_whose_reading_fails_is_left_out_and_named_and_the_rest_is_read()
    {
        // The loopback interface has no speed: that file can be opened by anyone, and every read of it fails, as a bad
        // sector's would.
        const string source = "/sys/class/net/lo";
        Skip.If(Xunit.Record.Exception(() => File.OpenRead($"{source}/speed").Dispose()) is not null
            || Xunit.Record.Exception(() => File.ReadAllText($"{source}/speed")) is null, "no such file here");
        _tree = new LiveTree(SourceTree.Open(source), Notes);
        var page = _tree.Page(0)!;
        var speed = Enumerable.Range(0, page.Count).Single(entry => page[entry].Path.ToString() == "speed");

        var frames = Read(new Need(speed, 0));

        Assert.Contains(new OmitFrame(speed, Omission.Unreadable), frames);
        Assert.Contains(_omitted, one => one.Path.ToString() == "speed" && one.Why == Omission.Unreadable);
        Assert.NotNull(_tree.Seal);
    }

    [SkippableFact]
    public void A_file_of_a_snapshot_whose_reading_fails_is_told_with_its_inode_and_can_not_be_had()
    {
        const string tree = "/sys/class/net/lo";
        Skip.If(Xunit.Record.Exception(() => File.OpenRead($"{tree}/speed").Dispose()) is not null
            || Xunit.Record.Exception(() => File.ReadAllText($"{tree}/speed")) is null, "no such file here");
        var inode =
            ulong.Parse(_folder.Do($"stat -Lc %i {tree}/speed"), System.Globalization.CultureInfo.InvariantCulture);
        using var scan = SourceTree.Open(tree);
        var entries = scan.Scan(null).Where(entry => entry.Path.IsRoot || entry.Path.ToString() == "speed")
            .Select(entry => entry is FileEntry file ? file with { Digest = Sha256Digest.Of(Content) } : entry)
            .ToArray();
        var manifest = ManifestDraft.Temporary();
        manifest.Append(new OutgoingPage(0, 0, entries).Lines().Span, 0, entries.Length);
        Assert.Equal(Errno.None, Descriptor.OpenDirectory(tree, out var top));
        var unfit = new List<UnfitFile>();
        _tree = new StoredReplica(SourceTree.OfReplica(top, tree), manifest, Notes, unfit.Add);

        Assert.Equal([new SpoiledFrame(1)], Read(new Need(1, 0)));

        Assert.Equal((EntryFault.Unreadable, (ulong?)inode), (Assert.Single(unfit).Fault!.Value, unfit[0].Inode));
    }

    [Theory]
    [InlineData(Errno.NoMemory)]
    [InlineData(Errno.TooManyOpen)]
    [InlineData(Errno.TryAgain)]
    [InlineData(Errno.AccessDenied)]
    public void What_is_no_fault_of_a_stored_file_is_none(Errno errno) => Assert.Null(UnfitFile.FaultOf(errno));

    [Fact]
    public void A_file_that_vanished_is_left_out_and_named()
    {
        File.WriteAllBytes(F, Content);

        Assert.Equal([new OmitFrame(1, Omission.Vanished)], Read(() => File.Delete(F), new Need(1, 0)));
        IsLeftOut(Omission.Vanished);
    }

    [Fact]
    public void What_has_become_another_kind_of_entry_is_left_out_and_named()
    {
        File.WriteAllBytes(F, Content);

        Assert.Equal([new OmitFrame(1, Omission.Changed)],
            Read(() => _folder.Do("rm source/f; mkfifo source/f"), new Need(1, 0)));
        IsLeftOut(Omission.Changed);
    }

    [Fact]
    public void A_file_that_changed_is_announced_anew_once_and_sent_from_its_beginning()
    {
        File.WriteAllBytes(F, Content);
        var now = SampleFiles.Content(500_000, 2);

        var frames = Read(() => File.WriteAllBytes(F, now), new Need(1, 700_001));

        Assert.IsType<AgainFrame>(frames[0]);
        Assert.Equal(0, frames.OfType<DataFrame>().First().Offset);
        Assert.Equal(now.Length, frames.OfType<DataFrame>().Sum(data => data.Length));
        Assert.Equal(new EndFrame(1, now.Length, Sha256Digest.Of(now)), frames[^1]);
        Assert.Equal((1, new TreeTotals(2, 1, now.Length)), (frames.OfType<AgainFrame>().Count(), Sent));
        Assert.Empty(_omitted);
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_read_three_times_and_no_more()
    {
        File.WriteAllBytes(F, Content);
        var changes = 0;

        var frames = Read(() => { }, () => Overwrite(F, $"{changes++}"), new Need(1, 0));

        Assert.Equal(2, frames.OfType<AgainFrame>().Count());
        Assert.Equal(new OmitFrame(1, Omission.Changed), frames[^1]);
        Assert.Empty(frames.OfType<EndFrame>());
        IsLeftOut(Omission.Changed);
    }

    [Fact]
    public void A_file_that_only_grows_is_kept_as_long_as_it_was_and_named()
    {
        File.WriteAllBytes(F, Content);

        var frames = Read(() => { }, () => File.AppendAllText(F, "and more"), new Need(1, 0));

        Assert.Equal(new EndFrame(1, Content.Length, Sha256Digest.Of(Content)), frames[^1]);
        Assert.Empty(frames.OfType<AgainFrame>());
        Assert.Equal(Content.Length, Assert.Single(_grown).Kept);
        Assert.Equal((0, 0), (_omitted.Count, _tree!.Seal!.Skipped));
    }

    [Fact]
    public void A_file_that_grows_and_is_another_at_its_front_has_not_only_grown()
    {
        File.WriteAllBytes(F, Content);
        var once = true;

        var frames = Read(() => { }, () =>
        {
            if (!once) return;
            once = false;
            Overwrite(F, "front");
            File.AppendAllText(F, "and more");
        }, new Need(1, 0));

        Assert.Single(frames.OfType<AgainFrame>());
        Assert.Equal(new EndFrame(1, Content.Length + 8, Sha256Digest.Of(File.ReadAllBytes(F))), frames[^1]);
        Assert.Empty(_grown);
    }

    private const long Hole = 5_000_000;

    /// <summary>Data, a hole, data, a hole: on any file system in use blocks of at most 64 KiB.</summary>
    private byte[] WriteSparse()
    {
        _folder.Do(
            $"head -c 131072 /dev/urandom > source/f; truncate -s {131072 + Hole} source/f; head -c 131072 "
            + $"/dev/urandom >> source/f; truncate -s {262144 + Hole + Hole} source/f");
        return File.ReadAllBytes(F);
    }

    [SkippableFact]
    public void Holes_are_said_and_not_sent()
    {
        var content = WriteSparse();

        var frames = Read(new Need(1, 0));

        Skip.If(!frames.OfType<HoleFrame>().Any(), "this file system does not say where holes are");
        Assert.InRange(frames.OfType<DataFrame>().Sum(data => data.Length), 262144, 262144 + (4 * 65536));
        Assert.Equal(content.Length,
            frames.OfType<DataFrame>().Sum(data => (long)data.Length)
                + frames.OfType<HoleFrame>().Sum(hole => hole.Length));
        Assert.Equal(new EndFrame(1, content.Length, Sha256Digest.Of(content)), frames[^1]);
    }

    [SkippableFact]
    public void A_need_that_begins_in_a_hole_is_met_from_there()
    {
        var content = WriteSparse();
        const long from = 131072 + (Hole / 2);

        var frames = Read(new Need(1, from));

        Skip.If(!frames.OfType<HoleFrame>().Any(), "this file system does not say where holes are");
        Assert.Equal(from, Assert.IsType<HoleFrame>(frames[0]).Offset);
        Assert.Equal(new EndFrame(1, content.Length, Sha256Digest.Of(content)), frames[^1]);
    }

    [Fact]
    public void A_file_that_is_left_out_takes_its_other_names_with_it()
    {
        File.WriteAllBytes(F, Content);
        _folder.Do("ln source/f source/g; ln source/f source/h");

        var frames = Read(() => _folder.Do("rm source/f"), new Need(1, 0));

        // The file last: with it its page may be complete at a receiver, and nothing of the page can change there any
        // more.
        Assert.Equal([new OmitFrame(2, Omission.Changed), new OmitFrame(3, Omission.Changed),
            new OmitFrame(1, Omission.Vanished)], frames);
        Assert.Equal(3, _tree!.Seal!.Skipped);
    }

    [Fact]
    public void A_name_that_is_given_to_another_file_leaves_the_old_ones_other_names_out()
    {
        File.WriteAllBytes(F, Content);
        _folder.Do("ln source/f source/g");

        var frames = Read(() => _folder.Do("echo new > source/new; mv source/new source/f"), new Need(1, 0));

        Assert.Equal(new OmitFrame(2, Omission.Changed), frames[0]);
        Assert.IsType<AgainFrame>(frames[1]);
        Assert.Equal(1, _tree!.Seal!.Skipped);
    }

    [Fact]
    public void A_file_that_changed_in_its_place_keeps_its_other_names()
    {
        File.WriteAllBytes(F, Content);
        _folder.Do("ln source/f source/g");

        var frames = Read(() => Overwrite(F, "front"), new Need(1, 0));

        Assert.IsType<AgainFrame>(frames[0]);
        Assert.Empty(frames.OfType<OmitFrame>());
        Assert.Equal(1, Assert.IsType<HardLinkEntry>(_tree!.Page(0)![2]).First);
    }

    private static void Overwrite(string path, string front)
    {
        using var file = File.OpenWrite(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes(front));
    }

    [Fact]
    public void A_file_that_is_sealed_and_another_one_now_is_spoiled_and_not_announced_anew()
    {
        File.WriteAllBytes(F, Content);
        Read();
        var seal = _tree!.Seal;

        Assert.Equal([new SpoiledFrame(1)], Read(() => File.WriteAllText(F, "another"), new Need(1, 0)));
        Assert.Equal([new SpoiledFrame(1)], Read(() => File.Delete(F), new Need(1, 0)));

        Assert.Equal(seal, _tree.Seal);
        Assert.Empty(_omitted);
    }

    public void Dispose()
    {
        _parcels.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _tree?.Dispose();
        _folder.Dispose();
    }

    private TreeTotals Sent { get; set; }

    private List<Frame> Read(params Need[] needs) => Read(() => { }, needs);

    private List<Frame> Read(Action beforehand, params Need[] needs) => Read(beforehand, () => { }, needs);

    /// <summary>The frames of the tree's only page. <paramref name="beforehand"/> runs between the scan and the
    /// reading, <paramref name="between"/> at each parcel.</summary>
    private List<Frame> Read(Action beforehand, Action between, params Need[] needs)
    {
        _tree ??= new LiveTree(SourceTree.Open(_folder["source"]), Notes);
        var page = _tree.Page(0)!;
        beforehand();
        using var reader = new ContentReader(_tree, _parcels);
        var frames = new List<Frame>();
        reader.AnnouncedEnd = page.First + page.Count;
        reader.Begin(page, NeedSet.Of(needs));
        for (var isDone = false; !isDone;)
        {
            isDone = reader.Fill();
            if (_parcels.Take() is not { } parcel) continue;
            frames.AddRange(parcel.Frames.Select(slice => slice.Frame));
            parcel.Release();
            between();
        }
        Sent = reader.Sent;
        return frames;
    }

    private void IsLeftOut(Omission why)
    {
        Assert.Equal(why, Assert.Single(_omitted).Why);
        Assert.Equal(1, _tree!.Seal!.Skipped);
    }
}
