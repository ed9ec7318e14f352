using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>A snapshot of three whole pages and a file of the fourth, left by a process that was killed.</summary>
public sealed class StagedResumptionTests : IDisposable
{
    private static readonly Metadata Plain = new(0x1A4, 0, 0, new FileTime(1, 2));
    private static readonly Metadata Closed = new(0x16D, 0, 0, new FileTime(3, 4));

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingDurability _durability = new();
    private readonly DestinationRoot _root;
    private readonly OriginReplicas _origin;
    private readonly Entry[][] _pages =
    [
        [new DirectoryEntry(TreePath.Root, Closed), new DirectoryEntry(At("a"), Closed),
            File("a/x", "the content of x"), File("a/y", "")],
        [new SymbolicLinkEntry(At("a.link"), Plain, "a/x"u8.ToArray()),
            new OmittedEntry(At("a.pipe"), Omission.Vanished), new DirectoryEntry(At("b"), Closed)],
        [File("b/1", "one") with { Metadata = Plain with { Mode = 0 } }, File("b/2", new string('z', 700_000)),
            File("c", "the last one")],
    ];

    public StagedResumptionTests()
    {
        _root = CopyOfATree.OpenRoot(_folder["root"], _durability);
        _origin = OriginReplicas.Open(_root, CopyOfATree.Origin, "id");
        using var staged = _origin.Stage(CopyOfATree.First);
        foreach (var page in _pages) Receive(staged, page);
        Write(staged, Stray);
    }

    private static FileEntry Stray => File("d", "of a page that is not whole");

    private string Place => $"{_origin.Path}/staging/{CopyOfATree.First}";

    private static TreePath At(string path) => TreePath.FromBytes(Encoding.UTF8.GetBytes(path));

    private static FileEntry File(string path, string content) =>
        new(At(path), Plain, new FileStamp(content.Length, new FileTime(5, 6), 7),
            Sha256Digest.Of(Encoding.UTF8.GetBytes(content)));

    private string ContentOf(FileEntry file) => file.Path.ToString() switch
    {
        "a/x" => "the content of x",
        "a/y" => "",
        "b/1" => "one",
        "b/2" => new string('z', 700_000),
        "c" => "the last one",
        _ => "of a page that is not whole",
    };

    private void Receive(StagedSnapshot staged, Entry[] page)
    {
        foreach (var entry in page)
        {
            if (entry is DirectoryEntry directory) staged.Writer.Apply(directory);
            else if (entry is SymbolicLinkEntry link) staged.Writer.Apply(link);
            else if (entry is FileEntry file) Write(staged, file);
        }
        staged.Draft.Append(EntryLines.Write(page).Span, staged.Draft.Totals.Entries, page.Length);
    }

    private void Write(StagedSnapshot staged, FileEntry file)
    {
        using var written = staged.Create(file);
        written.Write(Encoding.UTF8.GetBytes(ContentOf(file)));
        written.Finish();
    }

    private StagedSnapshot Resume(Action<long>? verified = null) =>
        _origin.Resume(CopyOfATree.First, verified ?? (_ => { }), CancellationToken.None);

    private string Tree() =>
        _folder.Do($"cd '{Place}/tree' && find . -mindepth 1 -printf '%P ' | tr ' ' '\\n' | sort | tr '\\n' ' '")
            .Trim();

    /// <summary>The rest is received anew from there on, and what is published is what was sent.</summary>
    private void Finish(StagedSnapshot staged, int firstPage)
    {
        Assert.Equal(firstPage, staged.Draft.PageCount);
        Assert.Equal(_pages.Take(firstPage).Sum(page => page.Length), staged.Draft.Totals.Entries);
        foreach (var page in _pages.Skip(firstPage)) Receive(staged, page);
        var stored = staged.Publish(staged.Draft.Seal);
        using var reader = new ManifestReader(_origin.Folder.OpenManifest(stored.Id)!, "manifest");
        Assert.Equal(_pages.SelectMany(page => page), reader.Entries().ToList());
        var published = _origin.SnapshotPath(stored.Id);
        _folder.Do($"cd '{published}' && sha256sum --quiet --strict -c ../../manifests/{stored.Id}.sha256");
        Assert.Equal("a a.link a/x a/y b b/1 b/2 c",
            _folder.Do($"cd '{published}' && find . -mindepth 1 -printf '%P ' | tr ' ' '\\n' | sort | tr '\\n' ' '")
                .Trim());
        Assert.Equal("555 3.0000000040 0 1.0000000020 644 1.0000000020",
            _folder.Do($"cd '{published}' && find . b/1 a/x -maxdepth 0 -printf '%m %T@ ' | sed 's/ $//'").Trim());
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_origin.Path}/staging"));
    }

    [Fact]
    public void What_is_whole_is_kept_after_it_was_read_and_the_rest_is_received_anew()
    {
        var read = 0L;
        using var staged = Resume(bytes => read += bytes);
        Assert.Equal(_pages.SelectMany(page => page).Append(Stray).OfType<FileEntry>().Sum(file => file.Stamp.Size),
            read);
        Assert.Equal("a a.link a/x a/y b b/1 b/2 c", Tree());
        Finish(staged, 3);
    }

    [Fact]
    public void Another_snapshot_takes_what_is_right_of_it_and_in_the_end_it_is_gone()
    {
        _folder.Do(
            $"cd '{Place}/tree' && printf X | dd of=b/2 bs=1 seek=500000 conv=notrunc status=none && touch -d "
            + "@1.000000002 b/2 && rm c && chmod 0555 b");
        var second = SnapshotId.Parse("20261123T163305Z");
        var read = 0L;
        using (var staged = _origin.Resume(second, _ => { }, CancellationToken.None))
        using (var source = EarlierSnapshot.Interrupted(staged, timesTell: true, bytes => read += bytes,
            CancellationToken.None)!)
        {
            Assert.InRange(read, 700_000, 700_100);
            Assert.Equal(Stray.Digest, staged.TakeKept(Stray, mayStayOpen: false)!.Whole);
            staged.Writer.Remove(Stray.Path);
            var taken = new List<string>();
            foreach (var entry in _pages.SelectMany(page => page).Append(Stray))
            {
                if (entry is DirectoryEntry directory) staged.Writer.Apply(directory);
                else if (entry is FileEntry file && source.Take(file with { Digest = null })?.Digest is { } digest)
                {
                    Assert.Equal(file.Digest, digest);
                    taken.Add(file.Path.ToString());
                }
            }
            // One has another byte, one is gone, one was of a page that was not whole.
            Assert.Equal(["a/x", "a/y", "b/1"], taken);
            Assert.Equal("1 1 1 ",
                _folder.Do($"cd '{_origin.Path}/staging/{second}/tree' && stat -c %h a/x a/y b/1 | tr '\n' ' '"));
            Assert.False(System.IO.File.Exists($"{Place}/tree/b/2"));
            foreach (var file in _pages.SelectMany(page => page).OfType<FileEntry>()
                .Where(file => !taken.Contains(file.Path.ToString()))) Write(staged, file);
            staged.Writer.Apply((SymbolicLinkEntry)_pages[1][0]);
            foreach (var page in _pages)
                staged.Draft.Append(EntryLines.Write(page).Span, staged.Draft.Totals.Entries, page.Length);
            staged.Publish(staged.Draft.Seal);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_origin.Path}/staging"));
        _folder.Do(
            $"cd '{_origin.SnapshotPath(second)}' && sha256sum --quiet --strict -c ../../manifests/{second}.sha256");
    }

    [Fact]
    public void Of_several_the_newest_is_taken_from_and_what_is_older_goes()
    {
        var (second, third) = (SnapshotId.Parse("20261123T163305Z"), SnapshotId.Parse("20261124T163305Z"));
        using (_origin.Resume(second, _ => { }, CancellationToken.None)) Assert.True(Directory.Exists(Place));
        using var staged = _origin.Resume(third, _ => { }, CancellationToken.None);

        Assert.False(Directory.Exists(Place));
        // It has no whole page.
        Assert.Null(EarlierSnapshot.Interrupted(staged, timesTell: true, _ => { }, CancellationToken.None));
    }

    [Theory]
    // The draft: torn lines, a torn head, a lost end, a flipped byte, nothing at all, not there.
    [InlineData("truncate -s -3 draft", 2)]
    [InlineData("printf 'page 1 40 abc' >> draft", 3)]
    [InlineData(
        "printf 'page 1 24 0000000000000000000000000000000000000000000000000000000000000000\nd 755 0 0 0.000000000 "
        + ".\n' >> draft", 3)]
    [InlineData("truncate -s +4096 draft", 3)]
    [InlineData("printf X | dd of=draft bs=1 seek=100 conv=notrunc status=none", 0)]
    [InlineData("truncate -s 0 draft", 0)]
    [InlineData("rm draft", 0)]
    [InlineData("rm draft; mkdir draft", 0)]
    [InlineData("rm draft; ln -s /etc/passwd draft", 0)]
    // A file: missing, a flipped byte, shorter, longer, of zeros, something else in its place.
    [InlineData("rm tree/a/x", 0)]
    [InlineData("printf X | dd of=tree/b/2 bs=1 seek=500000 conv=notrunc status=none", 2)]
    [InlineData("truncate -s 699999 tree/b/2", 2)]
    [InlineData("echo more >> tree/c", 2)]
    [InlineData("truncate -s 0 tree/b/2; truncate -s 700000 tree/b/2", 2)]
    [InlineData("rm tree/c; ln -s b/1 tree/c", 2)]
    [InlineData("rm tree/c; mkdir tree/c", 2)]
    [InlineData("rm tree/c; mkfifo tree/c", 2)]
    // Links and directories.
    [InlineData("rm tree/a.link", 1)]
    [InlineData("ln -sfn elsewhere tree/a.link", 1)]
    [InlineData("rm tree/a.link; echo a > tree/a.link", 1)]
    [InlineData("rm -r tree/b", 1)]
    [InlineData("mv tree/b b; ln -s ../b tree/b", 1)]
    [InlineData("rm -r tree", 0)]
    // More than there should be, everywhere; and what an interrupted publishing has left.
    [InlineData(
        "mkdir -p tree/a/m/n tree/zz; touch tree/A tree/a/m/n/o tree/a/x.more tree/a.pipe tree/b/0 tree/b/3 "
        + "tree/zz/zz; chmod 0 tree/a/m/n", 3)]
    [InlineData(
        "touch -d '2001-01-01' tree/a/x tree/a; chmod 0555 tree/b tree/a tree; chmod 0777 tree/c; echo half > "
        + "manifest; echo half > sha256", 3)]
    public void Where_something_is_amiss_its_page_and_all_after_it_are_received_anew(string damage, int firstPage)
    {
        _folder.Do($"cd '{Place}' && {damage}");
        using var staged = Resume();
        Finish(staged, firstPage);
    }

    [Fact]
    public void It_is_resumed_again_and_again()
    {
        _folder.Do($"cd '{Place}' && rm tree/c");
        using (var once = Resume()) Receive(once, _pages[2]);
        using var again = Resume();
        Finish(again, 3);
    }

    [Fact]
    public void A_file_of_a_page_that_was_not_whole_is_there_when_it_is_announced_again()
    {
        using var staged = Resume();
        Assert.Null(staged.TakeKept(File("e", "another"), mayStayOpen: true));
        Assert.Equal(Stray.Digest, staged.TakeKept(Stray with { Digest = null }, mayStayOpen: false)!.Whole);
        Assert.Null(staged.TakeKept(Stray, mayStayOpen: true));
        Assert.Equal("of a page that is not whole 644 1.0000000020 1",
            _folder.Do($"cd '{Place}/tree' && cat d && find d -printf ' %m %T@ %n'"));
    }

    [Fact]
    public void The_file_that_was_being_received_is_gone_on_with_at_its_end()
    {
        _folder.Do($"printf 'the first half' > '{Place}/tree/e'; printf 'the first half' > '{Place}/tree/f'");
        const string all = "the first half and the other one";
        var file = File("e", all);
        using var staged = Resume();
        // There are too many that are open, or it is shorter now.
        Assert.Null(staged.TakeKept(File("f", all), mayStayOpen: false));
        var kept = staged.TakeKept(file with { Digest = null }, mayStayOpen: true)!;
        using (kept.Hash)
        using (kept.Beginning)
        {
            Assert.Equal(14, kept.Beginning!.Length);
            kept.Hash!.AppendData(Encoding.UTF8.GetBytes(all[14..]));
            Assert.Equal(file.Digest, Sha256Digest.Finish(kept.Hash));
            kept.Beginning.Write(Encoding.UTF8.GetBytes(all[14..]));
            kept.Beginning.Finish();
        }
        Assert.Equal($"{all} 644 1.0000000020 1",
            _folder.Do($"cd '{Place}/tree' && cat e && find e -printf ' %m %T@ %n'"));
    }

    [Theory]
    [InlineData("ln tree/d outside")]
    [InlineData("setfattr -n user.colour -v blue tree/d")]
    [InlineData("echo more >> tree/d")]
    [InlineData("touch tree/d")]
    [InlineData("rm tree/d; ln -s a/x tree/d")]
    [InlineData("rm tree/d; mkdir tree/d; echo 1 > tree/d/d")]
    [InlineData("rm tree/d; mkfifo tree/d")]
    public void What_is_not_the_file_that_was_left_there_is_received_anew(string change)
    {
        _folder.Do($"cd '{Place}' && {change}");
        using (var staged = Resume())
        {
            Assert.Null(staged.TakeKept(Stray, mayStayOpen: false));
            Write(staged, Stray);
            staged.Writer.Remove(Stray.Path);
            Finish(staged, 3);
        }
    }

    [Fact]
    public void Who_exchanges_what_was_kept_gets_nothing_written_elsewhere()
    {
        _folder.Do($"printf 'the first half' > '{Place}/tree/e'; printf 'the first half' > outside");
        using var staged = Resume();
        _folder.Do($"cd '{Place}/strays' && for one in *; do ln -f \"$OLDPWD/outside\" $one; done");

        Assert.Null(staged.TakeKept(File("e", "the first half and the other one"), mayStayOpen: true));

        Assert.Equal("the first half", System.IO.File.ReadAllText(_folder["outside"]));
    }

    [Fact]
    public void Another_file_that_was_given_its_name_stays_as_it_is()
    {
        _folder.Do(
            $"printf one > outside && chmod 640 outside && touch -d @77 outside && ln -f outside '{Place}/tree/b/1'");
        using var staged = Resume();
        Finish(staged, 2);
        Assert.Equal("640 77 1\n", _folder.Do("stat -c '%a %Y %h' outside"));
    }

    [Fact]
    public void Nothing_is_inherited_from_a_directory_that_an_interrupted_publishing_has_finished()
    {
        _folder.Do($"cd '{Place}' && setfacl -d -m u:1:rwx tree tree/b && rm tree/c");
        using var staged = Resume();
        Finish(staged, 2);
        Assert.Equal("", _folder.Do($"getfacl -Rspc '{_origin.SnapshotPath(CopyOfATree.First)}'"));
    }

    [Fact]
    public void Cancelled_it_leaves_what_is_staged()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            _origin.Resume(CopyOfATree.First, _ => cancel.Cancel(), cancel.Token));
        using var staged = Resume();
        Finish(staged, 3);
    }

    [Fact]
    public void What_was_written_before_a_sync_that_fails_is_not_kept()
    {
        _durability.FailAt = _durability.Calls.Count;
        using var staged = Resume();
        Assert.Equal("syncfs", _durability.Calls[_durability.FailAt]);
        Finish(staged, 0);
    }

    [Fact]
    public void Where_files_are_synced_one_by_one_they_are_synced_again()
    {
        var durability = new RecordingDurability { Trusted = false };
        using var root = CopyOfATree.OpenRoot(_folder["slow"], durability);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "id");
        using (var staged = folder.Stage(CopyOfATree.First))
        {
            foreach (var page in _pages) Receive(staged, page);
        }
        var before = durability.Calls.Count;
        using (var resumed = folder.Resume(CopyOfATree.First, _ => { }, CancellationToken.None))
            Assert.Equal(3, resumed.Draft.PageCount);
        Assert.Equal(Enumerable.Repeat("fsync", 5), durability.Calls.Skip(before));
        // The third file's: its page and what follows are received anew.
        durability.FailAt = durability.Calls.Count + 2;
        using var again = folder.Resume(CopyOfATree.First, _ => { }, CancellationToken.None);
        Assert.Equal(2, again.Draft.PageCount);
    }

    [Fact]
    public void Nothing_is_followed_out_of_staging()
    {
        _folder.Do(
            $"mkdir outside; echo precious > outside/x; touch outside/y; cd '{Place}/tree' && rm -r a && ln -s "
            + $"'{_folder["outside"]}' a && ln -s '{_folder["outside"]}' zz");
        using var staged = Resume();
        Finish(staged, 0);
        Assert.Equal("precious\n", _folder.Do("cat outside/x; ls outside | wc -l | grep -q 2"));
    }

    public void Dispose()
    {
        _origin.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }
}
