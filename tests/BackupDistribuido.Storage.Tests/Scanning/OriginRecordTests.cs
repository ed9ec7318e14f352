using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Tests.Scanning;

public sealed class OriginRecordTests : IDisposable
{
    private static readonly NodeName Origin = NodeName.Parse("laptop");
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");
    private static readonly FileTime Never = new(long.MaxValue, 0), Long = new(1000, 0);

    private readonly TemporaryFolder _folder = new();
    private bool _isDamaged;

    private string Record => _folder["state/record"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_mounted_and_all_entries_come_back()
    {
        TreePath[] mounts = [TreePath.FromBytes("a b"u8), TreePath.FromBytes([(byte)'m', 0xFF])];
        OriginRecord.Write(Record, Origin, Id, Tree, Never, mounts);
        using var record = Open()!;
        Assert.Equal(mounts, record.Mounts);
        Assert.Equal(Tree, record.Entries());
    }

    [Fact]
    public void A_file_that_is_doubted_or_was_changed_too_late_has_no_digest()
    {
        OriginRecord.Write(Record, Origin, Id, Tree, new FileTime(1001, 0), isDoubted: number => number == 2);
        using var record = Open()!;
        Assert.Equal(["f", "young"],
            record.Entries().OfType<FileEntry>().Where(file => file.Digest is null)
                .Select(file => file.Path.ToString()));
    }

    [Fact]
    public void One_wrong_digit_anywhere_is_noticed()
    {
        OriginRecord.Write(Record, Origin, Id, Tree, Never);
        var sound = File.ReadAllText(Record);
        var first = sound.IndexOf('\n', StringComparison.Ordinal) + 1;
        for (var at = first; at < sound.Length; at += 7)
        {
            File.WriteAllText(Record, sound[..at] + (sound[at] == '0' ? '1' : '0') + sound[(at + 1)..]);
            Assert.Null(Open());
            Assert.True(_isDamaged);
        }
        File.WriteAllText(Record, sound[..^1]);
        Assert.Null(Open());
        Assert.True(_isDamaged);
        File.WriteAllText(Record, sound);
        using var record = Open();
        Assert.NotNull(record);
        Assert.False(_isDamaged);
    }

    [Fact]
    public void One_of_another_origin_or_of_an_earlier_version_is_none()
    {
        OriginRecord.Write(Record, NodeName.Parse("desk"), Id, Tree, Never);
        Assert.Null(Open());
        File.WriteAllText(Record,
            "bdist-manifest 1\norigin laptop\nsnapshot 20261122T163305Z\nd 755 0 0 0.000000000 - .\n");
        Assert.Null(Open());
        Assert.False(_isDamaged);
    }

    [Theory]
    [InlineData(3000L, 500L, 45)]
    [InlineData(null, null, 45)]
    [InlineData(100L, 100L, 45)]
    [InlineData(60000L, 1500L, 625)]
    [InlineData(3000L, 0L, 86400)]
    public void A_change_is_young_for_as_long_as_its_page_may_be_in_memory_only(long? expiry, long? period, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), WriteBack.Of(expiry, period));
        var now = DateTimeOffset.UtcNow;
        Assert.True(StampRule.FreshFrom(now).CompareTo(FileTime.Of(now - TimeSpan.FromSeconds(40))) < 0);
    }

    private static Entry[] Tree =>
    [
        new DirectoryEntry(TreePath.Root, new Metadata(0x1ED, 0, 0, Long)),
        File_("e", 0, Long), File_("f", 5, Long), File_("g", 5, Long), File_("young", 5, new FileTime(1001, 0)),
    ];

    private static FileEntry File_(string name, long size, FileTime changed) =>
        new(TreePath.FromBytes(System.Text.Encoding.UTF8.GetBytes(name)), new Metadata(0x1A4, 0, 0, Long),
            new FileStamp(size, changed, 7), size == 0 ? Sha256Digest.OfNothing : Sha256Digest.Of("content"u8));

    private OriginRecord? Open()
    {
        _isDamaged = false;
        return OriginRecord.Open(Record, Origin, () => _isDamaged = true);
    }
}
