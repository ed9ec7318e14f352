using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Replicas;

/// <summary>Names that a file system can't have are missing entries, and nothing else is excused by them.</summary>
public sealed class MissingNamesTests : IDisposable
{
    private static readonly SnapshotId Later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);

    // Names that are no UTF-8: of files, of another name of one, and of a directory with things in it, one of which has
    // another name outside, that comes later and finds nothing to be a name of.
    private const string Tree = """
        mkdir -p source/sub; cd source; echo plain > plain; echo b > sub/b; echo z > sub/z; ln sub/b sub/c; ln sub/b "$(printf 'sub/n\351')"
        printf latin > "$(printf 'sub/m\351')"; : > "$(printf 'empty\351')"
        d="$(printf 'sub/d\351')"; mkdir -p "$d/deep"; echo x > "$d/x"; echo y > "$d/deep/y"; ln sub/z "$d/again"; touch -d @1000000000 sub
        """;

    private readonly TemporaryFolder _folder = new();
    private ReplicaIntake? _intake;

    public MissingNamesTests()
    {
        _folder.MakeDirectory("disk");
        _folder.Do(Tree);
    }

    private string Origin => _folder[$"disk/{CopyOfATree.Origin}"];

    [SkippableTheory]
    [InlineData("mkfs.ntfs -q -F", "ntfs-3g")]
    [InlineData("mkfs.exfat", "mount.exfat-fuse")]
    public void They_are_listed_and_counted_and_all_else_is_there(string make, string mount)
    {
        Mount(make, mount);
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        var told = new List<string>();

        var shortfall = Copy(root, CopyOfATree.First, told);

        Assert.True(shortfall.Limits.HasFlag(ReplicaLimits.Names));
        // Two files and two other names; the directory, and what is in it: a directory and three names.
        Assert.Equal(4 + 5, shortfall.Missing);
        Assert.Equal(["empty%E9", "sub/d%E9", "sub/m%E9", "sub/n%E9", "sub/z"],
            File.ReadAllLines($"{Origin}/manifests/{CopyOfATree.First}.missing"));
        Assert.Equal(5, told.Count);
        // Seven files came, and "plain" and "b" are there.
        Assert.Equal((2, 8), (_intake!.ReceivedFiles, _intake.ReceivedBytes));
        Assert.Equal("plain\nsub\nsub/b\nsub/c\n",
            _folder.Do($"cd '{Origin}/snapshots/{CopyOfATree.First}' && find . -mindepth 1 | sort | cut -c3-"));
        using (var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]))
            Assert.Equal(shortfall, folder.Published(CopyOfATree.First)!.Shortfall);
        Assert.Equal(shortfall.Missing, StoredSnapshots.Newest(root)[CopyOfATree.Origin].Missing);
        Assert.IsType<Verification.Sound>(Check(root));

        // Another one has the files that are there from the first, and pushes it out.
        Assert.Equal(shortfall, Copy(root, Later, told));
        using (var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]))
            Assert.Equal([CopyOfATree.First], folder.Prune(1, Later));
        Assert.False(File.Exists($"{Origin}/manifests/{CopyOfATree.First}.missing"));
        Assert.IsType<IOException>(Record.Exception(() =>
            StoredTree.Open(root, CopyOfATree.Origin, Later, mustHaveAll: true)));
    }

    [SkippableTheory]
    [InlineData("mkfs.ntfs -q -F", "ntfs-3g")]
    [InlineData("mkfs.exfat", "mount.exfat-fuse")]
    public async Task What_was_staged_of_it_is_taken_up_again(string make, string mount)
    {
        Mount(make, mount);
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        using var source = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        using (var left = folder.Stage(CopyOfATree.First)) CopyOfATree.Fill(source, left);

        using var staged = await Task.Run(() => folder.Resume(CopyOfATree.First, _ => { }, CancellationToken.None));

        if (staged.Draft.PageCount == 0) CopyOfATree.Fill(source, staged);
        else Assert.Equal(14, staged.Draft.Totals.Entries);
        staged.Publish(staged.Draft.Seal);
        Assert.Equal(9, staged.Shortfall.Missing);
        Assert.IsType<Verification.Sound>(Check(root));
    }

    [SkippableFact]
    public void A_forbidden_character_and_a_name_that_is_too_long_are_of_the_same_kind()
    {
        Mount("mkfs.exfat", "mount.exfat-fuse");
        _folder.Do(
            "rm -r source; mkdir -p source/c:d source/sub; cd source; echo x > c:d/x; echo y > sub/a:b; ln sub/a:b "
            + "sub/z; echo z > sub/c; ln sub/c 'sub/c?'; mkdir $(printf 'm%.0s' {1..255})");
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        using var source = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        using (var left = folder.Stage(CopyOfATree.First)) CopyOfATree.Fill(source, left);

        using var staged = folder.Resume(CopyOfATree.First, _ => { }, CancellationToken.None);
        if (staged.Draft.PageCount == 0) CopyOfATree.Fill(source, staged);
        staged.Publish(staged.Draft.Seal);

        Assert.Equal(["c:d", "sub/a:b", "sub/c?", "sub/z"],
            File.ReadAllLines($"{Origin}/manifests/{CopyOfATree.First}.missing").Where(line => line[0] != 'm'));
        Assert.Equal("sub\nsub/c\n",
            _folder.Do(
                $"cd '{Origin}/snapshots/{CopyOfATree.First}' && find . -mindepth 1 -not -name 'm*' | sort | cut "
                + "-c3-"));
        Assert.IsType<Verification.Sound>(Check(root));
    }

    [SkippableFact]
    public void Nothing_else_that_is_gone_is_excused()
    {
        Mount("mkfs.ntfs -q -F", "ntfs-3g");
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        Copy(root, CopyOfATree.First, []);

        File.Delete($"{Origin}/snapshots/{CopyOfATree.First}/sub/b");
        Assert.Equal((1L, "sub/b"),
            Assert.IsType<Verification.Damaged>(Check(root)) is var gone ? (gone.Entries, gone.First) : default);

        // And none is where the list is.
        File.Delete($"{Origin}/manifests/{CopyOfATree.First}.missing");
        Assert.Equal(1 + 9, Assert.IsType<Verification.Damaged>(Check(root)).Entries);
        File.WriteAllText($"{Origin}/manifests/{CopyOfATree.First}.missing", "sub/../plain\n");
        Assert.IsType<Verification.Damaged>(Check(root));
    }

    [Fact]
    public void One_that_lacks_names_pushes_out_none_that_has_them()
    {
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        Copy(root, CopyOfATree.First, []);
        Copy(root, Later, []);
        // As if the disk had been another one by then.
        File.WriteAllText($"{Origin}/manifests/{Later}.shortfall", "missing 1: names\n");
        var warned = new List<string>();
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"], false,
            said => warned.Add(said.ToString()));

        Assert.Empty(folder.Prune(1, Later, mayShrink: true));
        Assert.Contains("later ones lack entries", Assert.Single(warned), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_system_that_takes_nothing_is_no_matter_of_names()
    {
        var holding = new ReplicaHolding(ReplicaLimits.None);
        var path = TreePath.FromBytes("f"u8);
        Descriptor.OpenDirectory(_folder["disk"], out var place).OrThrow("openat", path);
        using (place)
        {
            Assert.False(holding.IsNamed(Errno.Invalid, "openat", path, place));
            Assert.Throws<PosixException>(() => holding.IsNamed(Errno.NoSpace, "openat", path, place));
            Assert.False(holding.IsNamed(Errno.NoEntry, "openat", path, place));
            Assert.Empty(Directory.GetFileSystemEntries(_folder["disk"]));
            _folder.Do("rmdir disk");
            Assert.Throws<PosixException>(() =>
                holding.IsNamed(Errno.NoEntry, "openat", TreePath.FromBytes("g"u8), place));
            Assert.Throws<PosixException>(() =>
                holding.IsNamed(Errno.Invalid, "openat", TreePath.FromBytes("g"u8), place));
        }
        Assert.Equal(1, holding.Names.Count);
    }

    private ReplicaShortfall Copy(DestinationRoot root, SnapshotId id, List<string> told)
    {
        using var source = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        using var staged = folder.Stage(id);
        told.Clear();
        staged.Writer.NameMet = refused => told.Add(refused.Message);
        CopyOfATree.Fill(source, staged);
        staged.Publish(staged.Draft.Seal);
        _intake = staged.Intake;
        return staged.Shortfall;
    }

    private static Verification Check(DestinationRoot root) =>
        ReplicaCheck.RunAsync(root, CopyOfATree.Origin, CopyOfATree.First, _ => { }, () => DateTimeOffset.UtcNow,
            CancellationToken.None).GetAwaiter().GetResult()!.Report.Verdict;

    private void Mount(string make, string mount)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        var (exit,
            output) = _folder.Run(
                $"set -e; truncate -s 64M image; {make} image >/dev/null; loop=$(losetup -f --show image); {mount} "
                + $"$loop disk || {{ losetup -d $loop; exit 1; }}");
        Skip.IfNot(exit == 0, $"it can't be mounted here: {output}");
    }

    public void Dispose()
    {
        _folder.Run("loop=$(losetup -n -O NAME -j image); umount disk; losetup -d $loop");
        _folder.Dispose();
    }
}
