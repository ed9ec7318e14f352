using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>A destination publishes what the coordinator says that the origin sealed, and nothing else, however well it
/// fits what a link brought.</summary>
public sealed class ForgedTreeTests : TestKit
{
    private readonly HandRun _run;
    private readonly HandDestination _a;

    public ForgedTreeTests() : base(HandRun.Config)
    {
        _run = new HandRun(this, source => File.WriteAllText(Path.Combine(source, "f"), "content"));
        _a = _run.Destination("a");
    }

    [Fact]
    public void What_nobody_has_sealed_is_not_published_until_the_coordinator_says_so()
    {
        _run.TellsSeal = false;
        _run.Open(_a.Node());
        _a.Report(report => report.Phase == ReplicaPhase.Publishing);
        // A second one is said as the first one was: nothing has happened meanwhile.
        _a.Report(report => report.Phase == ReplicaPhase.Publishing);
        Assert.False(Directory.Exists(_a.Published));

        _run.Sealed(_run.OriginReport(report => report.Seal is not null).Seal!.Digest);

        _a.Stored();
        _run.IsFaithful(_a);
    }

    [Fact]
    public async Task A_tree_that_is_not_the_sealed_one_is_never_published()
    {
        _run.SealedAs = Sha256Digest.Of("the origin's own tree"u8);
        _run.Open(_a.Node());

        var report = _a.Report(report => report.Phase is ReplicaPhase.Failed or ReplicaPhase.Stored);

        Assert.Equal((ReplicaPhase.Failed,
            "the tree that its link brought is not the one that the origin sealed; it was not published"),
                (report.Phase, report.Reason.ToString()));
        Assert.False(Directory.Exists(_a.Published));
        Assert.False(Path.Exists(Path.Combine(_a.Work.Root.RealPath, HandLink.Origin.ToString(), "latest")));
        _a.Kill();
        await _a.Work.ClosedAsync();
        Assert.False(Directory.Exists(_a.Staged));
    }

    [Fact]
    public void A_coordinator_that_says_no_seal_is_not_waited_for_without_an_end()
    {
        _run.TellsSeal = false;
        _run.Open(_a.Node());
        _a.Report(report => report.Phase == ReplicaPhase.Publishing);

        for (var second = 0; second < 60; second++)
            _a.Writer!.Tell(ReplicaWriterActor.CoordinatorAnswered.Instance, TestActor);

        Assert.Contains("did not say within 60 s what the origin sealed",
            _a.Report(report => report.Phase == ReplicaPhase.Failed).Reason.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_a.Published));
    }

    protected override void AfterAll()
    {
        _run.Dispose();
        base.AfterAll();
    }
}
