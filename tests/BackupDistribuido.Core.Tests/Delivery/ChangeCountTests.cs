using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Tests.Delivery;

public sealed class ChangeCountTests
{
    private static readonly SnapshotId Since = SnapshotId.Parse("20261122T163305Z");
    private static readonly Sha256Digest Old = Sha256Digest.Of("old"u8), New = Sha256Digest.Of("new"u8);

    [Fact]
    public void Each_file_is_new_changed_metadata_only_or_unchanged_and_what_is_none_any_more_is_removed()
    {
        var changes = Compare(
            [File("a", Old), File("b", Old), File("c", Old), File("d", Old), File("e", Old)],
            [File("a", Old), File("b", New), File("c", Old, mode: 0x180), new DirectoryEntry(Path("d"), Data(0)),
                File("f", New)]);

        Assert.Equal(new TreeChanges(Since, New: 1, Changed: 1, MetadataOnly: 1, Unchanged: 1, Removed: 2), changes);
    }

    [Fact]
    public void Where_the_run_before_does_not_vouch_for_a_digest_size_and_times_tell()
    {
        var changes = Compare(
            [File("a", null), File("b", null), File("c", null)],
            [File("a", Old), File("b", Old, modified: 9), File("c", Old, changed: 9)]);

        Assert.Equal((1, 1, 1), (changes.Unchanged, changes.Changed, changes.MetadataOnly));
    }

    [Fact]
    public void What_can_not_be_read_is_neither_changed_nor_removed()
    {
        var changes = Compare(
            [new DirectoryEntry(Path("d"), Data(0)), File("d/x", Old), File("d/y", Old), File("d-not", Old),
                File("f", Old)],
            [new OmittedEntry(Path("d"), Omission.Unreadable), new OmittedEntry(Path("f"), Omission.Changed)]);

        Assert.Equal(new TreeChanges(Since, 0, 0, 0, 0, Removed: 1), changes);
    }

    [Fact]
    public void Further_names_of_a_file_are_no_files()
    {
        var changes = Compare(
            [File("a", Old), new HardLinkEntry(Path("b"), 0), new HardLinkEntry(Path("c"), 0)],
            [File("a", Old), File("b", Old), new HardLinkEntry(Path("d"), 0)]);

        Assert.Equal(new TreeChanges(Since, 0, Changed: 1, 0, Unchanged: 1, 0), changes);
    }

    /// <summary>As an origin does: both in the order of a manifest.</summary>
    private static TreeChanges Compare(IReadOnlyList<Entry> before, IReadOnlyList<Entry> now)
    {
        var comparison = new ChangeCount(Since);
        var at = 0;
        for (var number = 0; number < now.Count; number++)
        {
            for (; at < before.Count && before[at].Path.CompareTo(now[number].Path) < 0; at++)
                comparison.Gone(before[at]);
            comparison.Scanned(number, now[number],
                at < before.Count && before[at].Path == now[number].Path ? before[at++] : null);
        }
        for (; at < before.Count; at++) comparison.Gone(before[at]);
        for (var number = 0; number < now.Count; number++) comparison.Settled(number, now[number]);
        return comparison.Changes;
    }

    private static TreePath Path(string text) => TreePath.FromBytes(System.Text.Encoding.UTF8.GetBytes(text));

    private static Metadata Data(long modified, int mode = 0x1A4) => new((ushort)mode, 0, 0, new FileTime(modified, 0));

    private static FileEntry File(string path, Sha256Digest? digest, long modified = 1, long changed = 1,
        int mode = 0x1A4) =>
        new(Path(path), Data(modified, mode), new FileStamp(5, new FileTime(changed, 0), 1), digest);
}
