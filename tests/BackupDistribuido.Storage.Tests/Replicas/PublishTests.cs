using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

public sealed class PublishTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Source => _folder["source"];

    private string Root => _folder["root"];

    private string OriginFolder => $"{Root}/{CopyOfATree.Origin}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tree_with_everything_odd_arrives_as_it_was()
    {
        MakeOddTree();
        using var root = CopyOfATree.OpenRoot(Root);
        var copy = CopyOfATree.Copy(Source, root);

        Assert.Equal((0, ""), _folder.Run($"diff -r --no-dereference source '{copy}'"));
        const string listing = "find . -printf '%y %m %U %G %T@ %l %p\\0' | sort -z | tr '\\0\\n' '\\n?'";
        Assert.Equal(_folder.Run(listing, Source), _folder.Run(listing, copy));
        CheckSums(copy);
    }

    private void MakeOddTree() => _folder.Do($$"""
        mkdir source; cd source
        mkdir empty 'a b' a a/b; echo x > a.c; echo y > a/b/x; echo z > 'a/back\slash'
        printf 1 > $'new\nline'; printf 2 > $'not-utf8-\xff\xfe'; printf 3 > $'cr\r'; printf 4 > ./-; printf 5 > '#hash'; printf 5 > ' lead'
        printf 6 > "$(printf 'n%.0s' {1..255})"; : > nothing; head -c 1000000 /dev/urandom > large
        mkdir $'dir-\xe9'; echo l > $'dir-\xe9/in'
        ln -s nowhere dangling; ln -s /etc/passwd absolute; ln -s $'\xff' raw; ln -s a to-dir
        chmod 0755 a; chmod 0500 a/b; chmod 0400 nothing; chmod 1775 empty
        [ $(id -u) != 0 ] || chmod 4755 a.c; [ $(id -u) != 0 ] || chmod 2000 nothing
        touch -d '1969-12-31T23:59:58.123456789Z' a.c; touch -h -d '2001-02-03T04:05:06.987654321Z' dangling
        touch -d '2020-01-01T00:00:00.000000001Z' a/b empty; touch -d '2100-01-01T00:00:00.5Z' .; chmod 0555 .
        """);

    [Fact]
    public void A_real_tree_arrives_as_it_was()
    {
        using var root = CopyOfATree.OpenRoot(Root);
        var copy = CopyOfATree.Copy(AppContext.BaseDirectory, root);
        Assert.Equal((0, ""), _folder.Run($"diff -r --no-dereference '{AppContext.BaseDirectory}' '{copy}'"));
        CheckSums(copy);
    }

    private void CheckSums(string copy)
    {
        var (exit, output) =
            _folder.Run($"sha256sum -c --strict ../../manifests/{Path.GetFileName(copy)}.sha256", copy);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public void A_file_system_that_is_not_trusted_gets_a_sync_for_each_file_and_directory()
    {
        _folder.Do("mkdir -p source/d/e; echo 1 > source/1; echo 2 > source/d/2");
        var durability = new RecordingDurability { Trusted = false };
        using var root = CopyOfATree.OpenRoot(Root, durability);
        durability.Calls.Clear();
        var copy = CopyOfATree.Copy(Source, root);
        Assert.Equal(0, durability.Calls.Count(call => call == "syncfs"));
        // 1, d/2, d/e, d and the top; then at least the manifests and the folders that names were made in.
        Assert.True(durability.Calls.Count >= 5 + 6, string.Join(' ', durability.Calls));
        Assert.Equal((0, ""), _folder.Run($"diff -r source '{copy}'"));
    }

    [Fact]
    public void A_deep_tree_past_the_longest_path_arrives_and_is_left_out_of_the_checksums_with_a_comment()
    {
        _folder.Do("mkdir source; echo short > source/short");
        MakeChain(Source, depth: 2000, name: "directory-");
        using var root = CopyOfATree.OpenRoot(Root);
        var copy = CopyOfATree.Copy(Source, root);
        CheckSums(copy);
        Assert.Contains("# left out", File.ReadAllText($"{OriginFolder}/manifests/{CopyOfATree.First}.sha256"),
            StringComparison.Ordinal);
        using var published = SourceTree.Open(copy);
        using var source = SourceTree.Open(Source);
        var entries = source.Scan(_ => { }).ToList();
        Assert.Equal(2000 + 2 + 2000, entries.Count);
        Assert.Equal(entries.Select(Shape), published.Scan(_ => { }).Select(Shape));

        static (string, FileTime?) Shape(Entry entry) => entry switch
        {
            FileEntry file => (file.Path.ToString(), file.Metadata.Modified),
            DirectoryEntry directory => (directory.Path.ToString(), directory.Metadata.Modified),
            _ => (entry.ToString(), null),
        };
    }

    /// <summary>Each directory of the chain holds the next one, and a file that comes after it.</summary>
    internal static void MakeChain(string top, int depth, string name)
    {
        Descriptor.OpenDirectory(top, out var at).OrThrow("openat", top);
        for (var i = 0; i < depth; i++)
        {
            var text = System.Text.Encoding.ASCII.GetBytes($"{name}{i}");
            at.MakeDirectory(text).OrThrow("mkdirat", top);
            at.Open("file"u8, OpenFlags.Write | OpenFlags.Create, out var file).OrThrow("openat", top);
            file.Write(text).OrThrow("write", top);
            file.Dispose();
            at.OpenDirectory(text, out var next).OrThrow("openat", top);
            at.Dispose();
            at = next;
        }
        at.Dispose();
    }

    [Fact]
    public void A_second_run_makes_a_new_snapshot_and_leaves_the_old_one_alone()
    {
        _folder.Do("mkdir source; echo old > source/file");
        using var root = CopyOfATree.OpenRoot(Root);
        var old = CopyOfATree.Copy(Source, root);
        _folder.Do("echo new > source/file");
        var later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);
        var copy = CopyOfATree.Copy(Source, root, later);
        Assert.Equal("old\n", File.ReadAllText($"{old}/file"));
        Assert.Equal("new\n", File.ReadAllText($"{copy}/file"));
        Assert.Equal($"snapshots/{later}", new FileInfo($"{OriginFolder}/latest").LinkTarget);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + Source);
        Assert.Equal([CopyOfATree.First, later], folder.List().Select(snapshot => snapshot.Id));
        Assert.All(folder.List(), snapshot => Assert.NotNull(snapshot.Seal));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{OriginFolder}/staging"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whichever_sync_before_the_commit_fails_nothing_is_published(bool trusted)
    {
        _folder.Do("mkdir -p source/d; echo old > source/d/file");
        using (var root = CopyOfATree.OpenRoot(Root)) CopyOfATree.Copy(Source, root);
        var later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);
        for (var failing = 0; ; failing++)
        {
            var durability = new RecordingDurability { Trusted = trusted };
            using var root = CopyOfATree.OpenRoot(Root, durability);
            using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + Source);
            using var tree = SourceTree.Open(Source);
            folder.RemoveStaging();
            using var staged = folder.Stage(later);
            durability.FailAt = durability.Calls.Count + failing;
            var filled = false;
            var problem = Record.Exception(() =>
            {
                CopyOfATree.Fill(tree, staged);
                filled = true;
                staged.Publish(staged.Draft.Seal);
            });
            if (problem is null)
            {
                Assert.True(failing > 5, $"only {failing} syncs");
                return;
            }
            Assert.Equal(Errno.InputOutput, Assert.IsType<DurabilityException>(problem).Errno);
            // A failed sync is the last one that anybody asks for.
            Assert.Equal(durability.FailAt, durability.Calls.Count - 1);
            // What was asked of the disk in publishing is not asked again; a single file could have been written anew.
            if (filled) Assert.Throws<InvalidOperationException>(() => staged.Publish(staged.Draft.Seal));
            if (Directory.Exists($"{OriginFolder}/snapshots/{later}"))
            {
                // After the commit point; the snapshot is whole. Start again as if it had never been.
                Assert.Equal((0, ""), _folder.Run($"diff -r source '{OriginFolder}/snapshots/{later}'"));
                _folder.Do(
                    $"cd '{OriginFolder}'; rm -rf snapshots/{later} manifests/{later}.*; ln -sfn "
                    + $"snapshots/{CopyOfATree.First} latest");
                continue;
            }
            Assert.Equal($"snapshots/{CopyOfATree.First}", new FileInfo($"{OriginFolder}/latest").LinkTarget);
            Assert.Empty(Directory.EnumerateFiles($"{OriginFolder}/manifests", $"{later}.*"));
            staged.Discard();
            Assert.Empty(Directory.EnumerateFileSystemEntries($"{OriginFolder}/staging"));
        }
    }

    /// <summary>Over a network, or through FUSE, a rename may be done and its answer lost.</summary>
    [Fact]
    public void A_rename_that_was_done_though_it_is_said_to_have_failed_leaves_a_whole_snapshot()
    {
        _folder.Do("mkdir source; echo content > source/file");
        // The content, the two manifests, their folder: the next call is the rename.
        var durability = new RecordingDurability
        {
            Failure = Errno.None,
            Failing = () =>
                _folder.Do(
                    $"cd root/{CopyOfATree.Origin}; mv staging/{CopyOfATree.First}/tree snapshots/{CopyOfATree.First}"),
        };
        using (var root = CopyOfATree.OpenRoot(_folder["root"], durability))
        {
            OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]).Dispose();
            durability.FailAt = durability.Calls.Count + 3;
            Assert.Contains("renameat2",
                Assert.Throws<PosixException>(() => CopyOfATree.Copy(_folder["source"], root)).Message,
                    StringComparison.Ordinal);
        }

        using var restarted = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = OriginReplicas.Open(restarted, CopyOfATree.Origin, "machine:" + _folder["source"]);
        Assert.NotNull(folder.Published(CopyOfATree.First));
        Assert.Equal((0, ""), _folder.Run($"diff -r source root/{CopyOfATree.Origin}/latest/"));
        Assert.Equal("file: OK",
            _folder.Do(
                $"cd root/{CopyOfATree.Origin}/latest/ && sha256sum -c ../../manifests/{CopyOfATree.First}.sha256")
                    .Trim());
    }

    [SkippableFact]
    public void A_rename_of_which_the_disk_does_not_say_whether_it_was_done_keeps_its_manifest()
    {
        Skip.If(_folder.Run("mkdir -m 0 shut; [ -e shut/. ]").Exit == 0,
            "whom the disk refuses nothing it says everything");
        _folder.Do("mkdir source; echo content > source/file");
        var durability = new RecordingDurability
        {
            Failure = Errno.None,
            Failing = () =>
                _folder.Do(
                    $"cd root/{CopyOfATree.Origin}; mv staging/{CopyOfATree.First}/tree snapshots/{CopyOfATree.First}; "
                    + "chmod 0 snapshots"),
        };
        using (var root = CopyOfATree.OpenRoot(_folder["root"], durability))
        {
            OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]).Dispose();
            durability.FailAt = durability.Calls.Count + 3;
            Assert.Contains("renameat2",
                Assert.Throws<PosixException>(() => CopyOfATree.Copy(_folder["source"], root)).Message,
                    StringComparison.Ordinal);
        }
        _folder.Do($"chmod 700 root/{CopyOfATree.Origin}/snapshots");

        using var restarted = CopyOfATree.OpenRoot(_folder["root"]);
        using var folder = OriginReplicas.Open(restarted, CopyOfATree.Origin, "machine:" + _folder["source"]);
        Assert.NotNull(folder.Published(CopyOfATree.First));
        Assert.Equal((0, ""), _folder.Run($"diff -r source root/{CopyOfATree.Origin}/latest/"));
    }

    [Fact]
    public void A_snapshot_is_never_replaced()
    {
        _folder.Do("mkdir source; echo mine > source/file");
        using var root = CopyOfATree.OpenRoot(Root);
        using var tree = SourceTree.Open(Source);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "id");
        using var staged = folder.Stage(CopyOfATree.First);
        CopyOfATree.Fill(tree, staged);
        _folder.Do($"mkdir -p '{OriginFolder}/snapshots/{CopyOfATree.First}'");
        var problem = Assert.Throws<PosixException>(() => staged.Publish(staged.Draft.Seal));
        Assert.Equal(Errno.Exists, problem.Errno);
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{OriginFolder}/snapshots/{CopyOfATree.First}"));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{OriginFolder}/manifests"));
    }

    [Fact]
    public void Another_seal_than_the_origins_is_not_published()
    {
        _folder.Do("mkdir source");
        using var root = CopyOfATree.OpenRoot(Root);
        using var tree = SourceTree.Open(Source);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "id");
        using var staged = folder.Stage(CopyOfATree.First);
        CopyOfATree.Fill(tree, staged);
        Assert.Throws<InvalidDataException>(() =>
            staged.Publish(staged.Draft.Seal with { Digest = Sha256Digest.OfNothing }));
        Assert.Null(folder.Newest);
    }

    [Fact]
    public void The_published_manifest_reads_back_as_what_was_sealed()
    {
        _folder.Do("mkdir source; echo 1 > source/1; mkfifo source/pipe");
        using var root = CopyOfATree.OpenRoot(Root);
        CopyOfATree.Copy(Source, root);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + Source);
        using var manifest = new ManifestReader(folder.Folder.OpenManifest(CopyOfATree.First)!, "manifest");
        Assert.Equal([".", "1", "pipe"], manifest.Entries().Select(entry => entry.Path.ToString()));
        Assert.Equal((CopyOfATree.Origin, CopyOfATree.First, 3L, 2L),
            (manifest.Origin, manifest.Snapshot, manifest.Seal!.Value.Entries, manifest.Seal.Value.Bytes));
    }
}
