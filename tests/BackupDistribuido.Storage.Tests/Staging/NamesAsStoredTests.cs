using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>
/// A file system that takes a name and stores another. What it can't hold faithfully is missing and named, and nothing
/// is merged with anything.
/// </summary>
public sealed class NamesAsStoredTests : IDisposable
{
    private static readonly SnapshotId Later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);

    /// <summary>Whatever is no ASCII is stored as a question mark.</summary>
    private const string Iconv = """
        mkdir below; LC_ALL=C.UTF-8 bindfs -o modules=iconv,from_code=ASCII//TRANSLIT,to_code=UTF-8 below disk
        """;

    /// <summary>Capital letters are stored as small ones.</summary>
    private const string SmallLetters = """
        set -e; truncate -s 64M image; mkfs.ntfs -q -F image > /dev/null; loop=$(losetup -f --show image)
        lowntfs-3g -o ignore_case $loop disk || { losetup -d $loop; exit 1; }
        """;

    private const string There = "l?\nplain\nplain/c\nplain/d\nplain/x?\nt?\n";

    private readonly TemporaryFolder _folder = new();

    public NamesAsStoredTests() => _folder.MakeDirectory("disk");

    private string Origin => _folder[$"disk/{CopyOfATree.Origin}"];

    [SkippableFact]
    public void What_is_stored_under_another_name_is_missing_and_two_are_never_one()
    {
        Mount(Iconv);
        // "x?" and "x\u00e9" are one name there, and have one length and one time.
        _folder.Do("""
            e=$'\xc3\xa9'; mkdir -p "source/Folder$e/deep" source/plain 'source/t?' "source/t$e"; cd source
            echo t > "t$e/t"; echo X > "UPPER$e"; echo a > "Folder$e/a"; echo b > "Folder$e/deep/b"
            echo c > plain/c; ln plain/c plain/d; ln plain/c "plain/Oth$e"
            echo one > 'plain/x?'; echo two > "plain/x$e"; touch -d @1000000000 'plain/x?' "plain/x$e"
            ln -s plain 'l?'; ln -s plain "l$e"; ln -s plain "link$e"
            """);
        using var root = CopyOfATree.OpenRoot(_folder["disk"]);
        var told = new List<string>();

        var staged = Copy(root, CopyOfATree.First, told);

        Assert.True(staged.Shortfall.Limits.HasFlag(ReplicaLimits.Names));
        string[] missing =
            ["Folder\u00e9", "UPPER\u00e9", "link\u00e9", "l\u00e9", "plain/Oth\u00e9", "plain/x\u00e9", "t\u00e9"];
        Assert.Equal(missing, Missing(CopyOfATree.First));
        Assert.Equal(missing.Length, told.Count);
        // What lies below the directories among them: three in the folder, one in its twin.
        Assert.Equal(missing.Length + 4, staged.Shortfall.Missing);
        Assert.Equal(There, Listed(CopyOfATree.First));
        Assert.Equal("one\n", _folder.Do($"cat '{Origin}/snapshots/{CopyOfATree.First}/plain/x?'"));
        Assert.IsType<Verification.Sound>(Check(root, CopyOfATree.First));

        // The next one takes nothing from this one that it does not have.
        var next = Copy(root, Later, told);
        Assert.Equal(missing, Missing(Later));
        Assert.Equal(staged.Shortfall.Missing, next.Shortfall.Missing);
        Assert.Equal(There, Listed(Later));
        Assert.IsType<Verification.Sound>(Check(root, Later));
    }

    [SkippableFact]
    public void It_is_said_before_anything_is_copied()
    {
        Mount(Iconv);

        using var root = CopyOfATree.OpenRoot(_folder["disk"]);

        Assert.False(root.Abilities.KeepsNames);
        Assert.Contains(root.Abilities.Describe("r"),
            sentence =>
                sentence.ToString().StartsWith("ROOT r is on a file system that stores some names differently",
                    StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Where_snapshots_would_not_be_found_again_the_root_is_refused()
    {
        Mount(SmallLetters);

        var refused = Assert.Throws<RootRefusedException>(() => CopyOfATree.OpenRoot(_folder["disk"]));

        Assert.Equal(RootRefusal.Unusable, refused.Kind);
        Assert.Contains("names of snapshots", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ext4", 0xEF53, true)]
    [InlineData("btrfs", 0x9123683E, true)]
    [InlineData("tmpfs", 0x01021994, true)]
    [InlineData("nfs", 0x6969, false)]
    [InlineData("vfat", 0x4D44, false)]
    [InlineData("exfat", 0x2011BAB0, false)]
    [InlineData("hfsplus", 0x482B, false)]
    [InlineData("cifs", 0xFF534D42, false)]
    [InlineData("fuse", 0x65735546, false)]
    public void Which_are_compared(string kind, long magic, bool keeps) =>
        Assert.Equal((kind, keeps), (kind, new FileSystemStatus(magic, 0).KeepsNames));

    private StagedResult Copy(DestinationRoot root, SnapshotId id, List<string> told)
    {
        using var source = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:" + _folder["source"]);
        using var staged = folder.Stage(id);
        told.Clear();
        staged.Writer.NameMet = refused => told.Add(refused.Message);
        using var earlier = Storage.Staging.EarlierSnapshot.Before(staged);
        CopyOfATree.Fill(source, staged, file => earlier?.Take(file)?.Digest);
        staged.Publish(staged.Draft.Seal);
        return new StagedResult(staged.Shortfall, staged.Intake!);
    }

    private string Listed(SnapshotId id) =>
        _folder.Do($"cd '{Origin}/snapshots/{id}' && find . -mindepth 1 | LC_ALL=C sort | cut -c3-");

    private static Verification Check(DestinationRoot root, SnapshotId id) =>
        ReplicaCheck.RunAsync(root, CopyOfATree.Origin, id, _ => { }, () => DateTimeOffset.UtcNow,
            CancellationToken.None).GetAwaiter().GetResult()!.Report.Verdict;

    private IEnumerable<string> Missing(SnapshotId id) =>
        File.ReadAllLines($"{Origin}/manifests/{id}.missing").Select(Uri.UnescapeDataString);

    private void Mount(string mount)
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root mounts file systems");
        var (exit, output) = _folder.Run(mount);
        Skip.IfNot(exit == 0, $"it can't be mounted here: {output}");
    }

    private sealed record StagedResult(ReplicaShortfall Shortfall, ReplicaIntake Intake);

    public void Dispose()
    {
        _folder.Run("umount disk; loop=$(losetup -n -O NAME -j image); [ -z \"$loop\" ] || losetup -d $loop");
        _folder.Dispose();
    }
}
