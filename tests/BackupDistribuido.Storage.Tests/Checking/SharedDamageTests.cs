using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Checking;

/// <summary>Three snapshots, each with hard links to the one before: what is read, and what is found, is the
/// inode's.</summary>
public sealed class SharedDamageTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly SnapshotId[] Ids =
        [CopyOfATree.First, SnapshotId.Parse("20261123T163305Z"), SnapshotId.Parse("20261124T163305Z")];

    private readonly TemporaryFolder _folder = new();
    private readonly DestinationRoot _root;
    private readonly List<WrongFile> _wrong = [];
    private long _read;

    public SharedDamageTests()
    {
        _folder.Do(
            "mkdir -p source/d; echo same > source/d/f; echo first > source/d/g; ln source/d/f source/other; echo "
            + "third > source/h; touch -d 2020-01-01 source/d/f source/d/g source/h");
        _root = CopyOfATree.OpenRoot(_folder["root"]);
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do("echo later > source/d/g; touch -d 2020-01-02 source/d/g");
        CopyWithLinks(Ids[1]);
        CopyWithLinks(Ids[2]);
        Assert.Equal("1\n",
            _folder.Do($"stat -c %i root/*/snapshots/*/d/f root/*/snapshots/*/other | sort -u | wc -l"));
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_read_with_a_newer_snapshot_is_not_read_again_and_counts_as_read_then()
    {
        var third = await Check(Ids[2], Noon);
        Assert.Equal("same\nlater\nthird\n".Length, _read);

        var second = await Check(Ids[1], Noon.AddHours(1), third.Of(Ids[2]));
        Assert.Equal((0L, new Verification.Sound(Noon)), (_read, second.Report.Verdict));
        var first = await Check(Ids[0], Noon.AddHours(2), second.Of(Ids[1]));
        Assert.Equal(("first\n".Length, new Verification.Sound(Noon)), ((int)_read, first.Report.Verdict));
    }

    [Fact]
    public async Task Each_snapshot_that_has_a_wrong_inode_is_damaged_and_stays_so_after_a_newer_one()
    {
        _folder.Do(
            $"printf X | dd of=root/{CopyOfATree.Origin}/snapshots/{Ids[2]}/d/f bs=1 conv=notrunc status=none; touch "
            + $"-d 2020-01-01 root/{CopyOfATree.Origin}/snapshots/{Ids[2]}/d/f");
        var third = await Check(Ids[2], Noon);
        Assert.Equal(["d/f", "other"], third.Wrong.Select(one => one.Path.ToString()));

        var marked = SharedDamage.Mark(_root, CopyOfATree.Origin, third.Wrong, Noon, except: Ids[2]);

        Assert.Equal(Ids[..2], marked.Select(one => one.Id));
        Assert.All(marked,
            one => Assert.Equal((new Verification.Damaged(Noon, 2, "d/f"), (Reason?)null), (one.Found, one.NotKept)));
        Assert.Empty(SharedDamage.Mark(_root, CopyOfATree.Origin, third.Wrong, Noon.AddDays(1), except: Ids[2]));
        Assert.Equal(marked[1].Found, KeptVerification.Of(_folder["root"], CopyOfATree.Origin, Ids[1])!.Verdict);
        // What is skipped is as wrong as it was found; what a newer one does not share with it is read.
        Assert.Equal(new Verification.Damaged(Noon, 2, "d/f"),
            (await Check(Ids[1], Noon.AddDays(1), third.Of(Ids[2]))).Report.Verdict);
        Assert.Equal(2, ((Verification.Damaged)(await Check(Ids[0], Noon)).Report.Verdict).Entries);
    }

    [Fact]
    public async Task What_one_snapshot_has_for_itself_is_its_own_damage()
    {
        _folder.Do($"cd root/{CopyOfATree.Origin}/snapshots/{Ids[2]}; rm d/g; echo other > d/g; rm h");
        var third = await Check(Ids[2], Noon);

        Assert.Equal(2, Assert.IsType<Verification.Damaged>(third.Report.Verdict).Entries);
        Assert.Empty(SharedDamage.Mark(_root, CopyOfATree.Origin, third.Wrong, Noon, except: Ids[2]));
    }

    [Fact]
    public void What_one_snapshot_lacks_is_its_own_damage_and_only_where_it_is_still_so()
    {
        (TreePath, EntryFault)[] unfound =
            [(TreePath.FromBytes("d/g"u8), EntryFault.Missing), (TreePath.FromBytes("h"u8), EntryFault.Unreadable)];
        _folder.Do($"cd root/{CopyOfATree.Origin}/snapshots; rm {Ids[2]}/d/g");

        var marked = SharedDamage.MarkOwn(_root, CopyOfATree.Origin, Ids[2], unfound, Noon);

        Assert.Equal((Ids[2], new Verification.Damaged(Noon, 1, "d/g")), (marked!.Id, marked.Found));
        Assert.Equal(marked.Found, KeptVerification.Of(_folder["root"], CopyOfATree.Origin, Ids[2])!.Verdict);
        Assert.Null(SharedDamage.MarkOwn(_root, CopyOfATree.Origin, Ids[2], unfound, Noon.AddDays(1)));
        Assert.Null(SharedDamage.MarkOwn(_root, CopyOfATree.Origin, Ids[1], unfound, Noon));
        // One that is being removed has no file any more, and no damage.
        _folder.Do($"rm -r root/{CopyOfATree.Origin}/snapshots/{Ids[0]}");
        Assert.Null(SharedDamage.MarkOwn(_root, CopyOfATree.Origin, Ids[0], unfound, Noon));
        Assert.Null(KeptVerification.Of(_folder["root"], CopyOfATree.Origin, Ids[0]));
    }

    [Fact]
    public void What_is_read_for_a_copy_is_hashed_and_a_wrong_one_is_neither_taken_nor_kept_quiet()
    {
        _folder.Do(
            $"printf X | dd of=root/{CopyOfATree.Origin}/snapshots/{Ids[2]}/d/f bs=1 conv=notrunc status=none; touch "
            + $"-d 2020-01-01 root/{CopyOfATree.Origin}/snapshots/{Ids[2]}/d/f");
        _folder.Do("chmod 0600 source/d/f source/h");
        var id = SnapshotId.Parse("20261125T163305Z");

        CopyWithLinks(id);

        Assert.Equal("same\n", File.ReadAllText(_folder[$"root/{CopyOfATree.Origin}/snapshots/{id}/d/f"]));
        Assert.Equal("d/f", Assert.Single(_wrong).Path.ToString());
        Assert.Equal(Ids, SharedDamage.Mark(_root, CopyOfATree.Origin, _wrong, Noon).Select(one => one.Id));
        _folder.Do($"cd root/{CopyOfATree.Origin}/snapshots/{id}; sha256sum -c --quiet ../../manifests/{id}.sha256");
    }

    [Fact]
    public void Where_files_came_from_and_when_they_were_last_read_is_kept_beside_the_manifest()
    {
        using var folder = OriginReplicas.Open(_root, CopyOfATree.Origin, $"machine:{_folder["source"]}");
        // The first was received, the others have links to it: no more is known of those than when it came.
        var came = IntakeFile.Read(folder.Folder.Manifests, Ids[0])!;
        Assert.Equal((3, 0), (came.Intake.ReceivedFiles, came.Intake.LinkedFiles));
        var second = IntakeFile.Read(folder.Folder.Manifests, Ids[1])!.Intake;
        Assert.Equal((1, 2, came.Stored), (second.ReceivedFiles, second.LinkedFiles, second.LastRead));
        Assert.Equal(came.Stored, IntakeFile.OldestRead(folder.Folder, Ids[2]));

        ReplicaCheck.Keep(_root, CopyOfATree.Origin, Ids[2],
            new VerificationReport(new Verification.Sound(Noon.AddYears(9)), []));
        Assert.Equal(Noon.AddYears(9), IntakeFile.OldestRead(folder.Folder, Ids[2]));
        // Nobody knows of what an older version stored.
        File.Delete(_folder[$"root/{CopyOfATree.Origin}/manifests/{Ids[1]}.intake"]);
        Assert.Null(IntakeFile.OldestRead(folder.Folder, Ids[1]));
    }

    private async Task<ReplicaFinding> Check(SnapshotId id, DateTimeOffset now, AlreadyRead? newer = null)
    {
        _read = 0;
        return (await ReplicaCheck.RunAsync(_root, CopyOfATree.Origin, id, bytes => _read += bytes, () => now, default,
            newer))!;
    }

    private void CopyWithLinks(SnapshotId id)
    {
        using var tree = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(_root, CopyOfATree.Origin, "machine:" + tree.RealPath,
            foundWrong: _wrong.Add);
        using var staged = folder.Stage(id);
        using var earlier = EarlierSnapshot.Before(staged);
        CopyOfATree.Fill(tree, staged, file =>
        {
            if (earlier?.Take(file) is not { } taken) return null;
            staged.Taken(file.Stamp.Size, taken);
            return taken.Digest;
        });
        staged.Publish(staged.Draft.Seal);
    }
}
