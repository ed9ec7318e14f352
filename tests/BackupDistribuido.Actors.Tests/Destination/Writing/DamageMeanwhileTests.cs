using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>Damage that becomes known while a snapshot is being received that has taken the damaged file
/// over.</summary>
public sealed class DamageMeanwhileTests() : TestKit(HandRun.Config)
{
    [Fact]
    public void What_is_found_wrong_while_a_replica_is_received_is_no_copy_once_it_is_published()
    {
        using var run =
            new HandRun(this, source => File.WriteAllText(Path.Combine(source, "f"), "f")) { TellsSeal = false };
        var a = run.Destination("a");
        run.Open(a.Node());
        a.Report(report => report.Phase == ReplicaPhase.Publishing);
        a.Work.Damage!.Found(HandLink.Origin, Wrong(Path.Combine(a.Staged, "tree/f")));

        run.Sealed(run.OriginReport(report => report.Seal is not null).Seal!.Digest);

        var failed = a.Report(report => report.Phase is ReplicaPhase.Stored or ReplicaPhase.Failed);
        Assert.Equal((ReplicaPhase.Failed, $"{a.Published} was re-read and is damaged; it is not a copy"),
            (failed.Phase, failed.Reason.ToString()));
        Assert.DoesNotContain(a.Said, one => one is ReplicaPublished);
        Assert.True(Assert.Single(a.Held).IsDamaged);
        Assert.IsType<Verification.Damaged>(KeptVerification.Of(a.Work.Root.RealPath, HandLink.Origin,
            HandLink.Id)!.Verdict);
    }

    [Fact]
    public void A_mark_that_did_not_see_what_was_in_staging_reaches_it_and_one_from_before_does_not()
    {
        using var link = new HandLink(source => File.WriteAllText(Path.Combine(source, "f"), "f"));
        Assert.True(link.Run());
        link.PublishAndCompare();
        var held = new HeldSnapshots(link.Root);
        var damage = new DamageReports(link.Root, held, _ => { }, TimeProvider.System);
        var wrong = Wrong(Path.Combine(link.Published, "f"));
        var since = damage.Now;
        link.BeginNext(record: false);
        Assert.True(link.Run());

        damage.Mark(HandLink.Origin, [wrong]);
        Assert.True(damage.IsKnown(HandLink.Origin, HandLink.Id));
        link.PublishAndCompare();
        Assert.Equal(wrong.Inode, Wrong(Path.Combine(link.Published, "f")).Inode);

        // A new start, before anything of it was told.
        var restarted = new HeldSnapshots(link.Root);
        Assert.Equal((HandLink.Origin, HandLink.Next), Assert.Single(restarted.Unsure));
        Assert.True(Assert.Single(restarted.Newest(9)).IsDamaged);
        Assert.Null(damage.OfNew(HandLink.Origin, HandLink.Next, damage.Now));
        Assert.Equal("f", damage.OfNew(HandLink.Origin, HandLink.Next, since)!.First);
        Assert.Empty(new HeldSnapshots(link.Root).Unsure);
    }

    private static WrongFile Wrong(string path)
    {
        using var shell = new TemporaryFolder();
        return new WrongFile(TreePath.FromBytes("f"u8), ulong.Parse(shell.Do($"stat -c %i {path}")),
            EntryFault.OtherContent);
    }
}
