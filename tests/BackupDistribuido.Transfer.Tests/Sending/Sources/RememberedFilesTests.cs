using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Tests.Sending.Sources;

/// <summary>What an origin makes of its record.</summary>
public sealed class RememberedFilesTests : IDisposable
{
    private static readonly byte[] Content = SampleFiles.Content(300_000, 1);
    private static readonly Sha256Digest Remembered = Sha256Digest.Of("what the record says"u8);
    private static readonly FileTime Never = new(long.MaxValue, 0);

    private readonly TemporaryFolder _folder = new(TemporaryFolder.OnDisk);
    private readonly List<string> _said = [];

    public RememberedFilesTests()
    {
        _folder.MakeDirectory("source");
        File.WriteAllBytes(F, Content);
    }

    private string F => _folder["source/f"];

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_file_that_nobody_lacks_and_that_is_as_it_was_is_not_read()
    {
        Skip.IfNot(IsSound(), "a file system whose stamps are not believed");
        // The digest is not its own: only the record has it.
        Remember(Never);
        Assert.Equal([new EndFrame(1, Content.Length, Remembered)], Read(new Need(1, Content.Length)));
    }

    [SkippableTheory]
    [InlineData("rm source/f")]
    [InlineData("echo more >> source/f")]
    public void A_file_that_nobody_lacks_is_what_it_was_when_it_was_scanned(string change)
    {
        Skip.IfNot(IsSound(), "a file system whose stamps are not believed");
        Remember(Never);
        Assert.Equal([new EndFrame(1, Content.Length, Remembered)], Read(new Need(1, Content.Length), change));
    }

    [Fact]
    public void A_file_that_somebody_lacks_is_sent_under_the_digest_of_what_was_read()
    {
        Remember(Never);
        var frames = Read(new Need(1, 0));
        Assert.Equal(Content.Length, frames.OfType<DataFrame>().Sum(data => data.Length));
        Assert.Equal(new EndFrame(1, Content.Length, Sha256Digest.Of(Content)), frames[^1]);
        IsSound(() => Assert.Contains("f looks unchanged", Assert.Single(_said), StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_wrong_digest_that_was_not_read_is_found_when_the_file_is_read_for_another()
    {
        Skip.IfNot(IsSound(), "a file system whose stamps are not believed");
        Remember(Never);
        using var tree = Tree();
        Assert.Equal([new EndFrame(1, Content.Length, Remembered)],
            Frames(tree, tree.Page(0)!, new Need(1, Content.Length)));
        Assert.NotNull(tree.Seal);

        // From the middle on, and from the beginning: whoever lacks it gets nothing that it would take for damage on
        // the way.
        foreach (var from in new[] { 100_000L, 0 })
        {
            var frames = Frames(tree, tree.Page(0)!, new Need(1, from));
            Assert.Equal(new SpoiledFrame(1), frames[^1]);
            Assert.Empty(frames.OfType<EndFrame>());
        }

        Assert.All(_said, said => Assert.Contains("f looks unchanged", said, StringComparison.Ordinal));
        Assert.True(tree.IsDoubted(1));
        // The next run reads it.
        OriginRecord.Write(_folder["record"], HandLink.Origin, HandLink.Id, tree.Draft.Entries(), Never,
            isDoubted: tree.IsDoubted);
        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], Read(new Need(1, Content.Length)));
    }

    [SkippableFact]
    public void A_remembered_digest_that_is_right_is_proven_and_sent()
    {
        Skip.IfNot(IsSound(), "a file system whose stamps are not believed");
        Remember(Never, Sha256Digest.Of(Content));
        using var tree = Tree();
        Frames(tree, tree.Page(0)!, new Need(1, Content.Length));

        var frames = Frames(tree, tree.Page(0)!, new Need(1, 100_000));

        Assert.Equal(100_000, frames.OfType<DataFrame>().First().Offset);
        Assert.Equal(new EndFrame(1, Content.Length, Sha256Digest.Of(Content)), frames[^1]);
        Assert.Empty(_said);
    }

    private bool IsSound()
    {
        using var source = SourceTree.Open(_folder["source"]);
        return source.ScanClosely(null).All(scanned => scanned.Entry is not FileEntry || scanned.HasSoundStamp);
    }

    private void IsSound(Action then)
    {
        if (IsSound()) then();
    }

    [Fact]
    public void A_file_that_was_announced_anew_is_not_what_was_remembered()
    {
        File.WriteAllBytes(F, SampleFiles.Content(5_000_000, 2));
        Remember(Never);
        using var tree = Tree();
        using var parcels = new ParcelBuilder(new BufferPool());
        var page = tree.Page(0)!;
        _folder.Do("echo more >> source/f");
        using (var content = new ContentReader(tree, parcels))
        {
            content.Begin(page, NeedSet.Of([new Need(1, 0)]));
            // Its link breaks in the middle of it.
            Assert.False(content.Fill());
            parcels.Take()!.Release();
        }

        // Whoever was sent it has all of it by now.
        var size = new FileInfo(F).Length;
        Assert.Equal([new EndFrame(1, size, Sha256Digest.Of(File.ReadAllBytes(F)))],
            Frames(tree, page, new Need(1, size)));
    }

    [Theory]
    [InlineData("touch source/f")]
    [InlineData("cp --preserve=timestamps source/f copy && mv copy source/f")]
    [InlineData("chmod 600 source/f")]
    public void A_file_whose_stamp_is_another_one_is_read(string change)
    {
        Remember(Never);
        _folder.Do(change);
        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], Read(new Need(1, Content.Length)));
    }

    [Fact]
    public void A_file_that_was_changed_when_it_was_read_is_not_remembered()
    {
        Remember(new FileTime(0, 0));
        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], Read(new Need(1, Content.Length)));
    }

    [Fact]
    public void A_record_of_another_origin_or_one_that_is_damaged_is_as_good_as_none()
    {
        Remember(Never);
        Assert.Null(OriginRecord.Open(_folder["record"], Core.Naming.NodeName.Parse("other")));
        File.WriteAllText(_folder["record"], File.ReadAllText(_folder["record"])[..^10]);
        Assert.Equal([new EndFrame(1, Content.Length, Sha256Digest.Of(Content))], Read(new Need(1, Content.Length)));
        File.WriteAllBytes(_folder["record"], new byte[5000]);
        Assert.Null(OriginRecord.Open(_folder["record"], HandLink.Origin));
    }

    [SkippableFact]
    public void The_tree_is_compared_with_what_the_record_has_of_the_run_before_and_what_is_read_is_counted()
    {
        Skip.IfNot(IsSound(), "a file system whose stamps are not believed");
        foreach (var name in new[] { "same", "edited", "mode", "gone" })
            File.WriteAllText(_folder[$"source/{name}"], "12345");
        using (var first = Tree())
        {
            Frames(first, first.Page(0)!);
            Assert.Equal(new SourceWork(Content.Length + 20, null, IsFirst: true), first.Seal!.Source);
            OriginRecord.Write(_folder["record"], HandLink.Origin, HandLink.Id, first.Draft.Entries(), Never);
        }

        _folder.Do(
            "echo 6789 > source/edited; chmod 600 source/mode; rm source/gone; echo 1 > source/new; ln source/same "
            + "source/the-same");
        using var tree = Tree();
        Frames(tree, tree.Page(0)!);

        var work = tree.Seal!.Source!;
        Assert.Equal(new TreeChanges(HandLink.Id, New: 1, Changed: 1, MetadataOnly: 1, Unchanged: 2, Removed: 1),
            work.Changes);
        Assert.False(work.IsFirst);
        // A new mode, or another name, moves a file's change time: whether it is what it was, only reading it tells.
        Assert.Equal(5 + 5 + 2 + 5, work.BytesRead);
    }

    /// <summary>The record of the tree as it is, with another digest for its file.</summary>
    private void Remember(FileTime fresh, Sha256Digest? digest = null)
    {
        using var source = SourceTree.Open(_folder["source"]);
        var entries = source.Scan(null)
            .Select(entry => entry is FileEntry file ? file with { Digest = digest ?? Remembered } : entry).ToList();
        OriginRecord.Write(_folder["record"], HandLink.Origin, HandLink.Id, entries, fresh);
    }

    private List<Frame> Read(Need need, string? afterScan = null)
    {
        using var tree = Tree();
        var page = tree.Page(0)!;
        if (afterScan is not null) _folder.Do(afterScan);
        return Frames(tree, page, need);
    }

    private LiveTree Tree() =>
        new(SourceTree.Open(_folder["source"]),
            new TreeObserver(_ => { }, _ => { }, (_, _) => { }, said => _said.Add(said.Message.ToString())),
                record: OriginRecord.Open(_folder["record"], HandLink.Origin),
        isFirst: true);

    private static List<Frame> Frames(LiveTree tree, OutgoingPage page, params Need[] needs)
    {
        using var parcels = new ParcelBuilder(new BufferPool());
        using var content = new ContentReader(tree, parcels);
        content.Begin(page, NeedSet.Of(needs));
        var frames = new List<Frame>();
        for (var isDone = false; !isDone;)
        {
            isDone = content.Fill();
            if (parcels.Take() is not { } parcel) continue;
            frames.AddRange(parcel.Frames.Select(slice => slice.Frame));
            parcel.Release();
        }
        return frames;
    }
}
