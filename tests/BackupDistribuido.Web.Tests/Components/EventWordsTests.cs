using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Components.Words;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class EventWordsTests
{
    private static readonly NodeName Laptop = NodeName.Parse("laptop"), Nas = NodeName.Parse("nas");
    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261122T163305Z");
    private static readonly NodeAddress Address = NodeAddress.Parse("10.0.0.9:4054");
    private static readonly Verification.Damaged Damage = new(SampleStatus.Now, 2, "a/b");
    private static readonly RunSummary Summary =
        new(RunId.New(), Snapshot, RunOutcome.AtRisk, 1, 2, 1, default, 0)
        { Seconds = 3, Reason = Reason.Text("nobody is there"), Destinations = [] };

    /// <summary>One of each event that stands in a page's list.</summary>
    private static readonly NodeEvent[] Events =
    [
        new Listening("control", Address), new Connected(Address), new Disconnected(Address, Reason.Text("no answer")),
            new NodeJoined(NodeRole.Destination, Nas, 1),
                new NodeLeft(NodeRole.Destination, Nas, Reason.Text("gone"), 0),
        new DestinationsChanged(1, 1, 2), new RunStarted(Laptop, RunId.New(), Snapshot, new Epoch(1), "star", [Nas]),
            new RunPaused(Laptop, RunId.New(), Snapshot),
                new ReceptionStarted(Laptop, Snapshot, RunId.New(), new(3, 2, 1)),
        new ReceptionEnded(Laptop, Snapshot, RunId.New(), null), new DestinationLost(Nas, Reason.Text("gone")),
        new ReplicaPublished(Laptop, Snapshot, default, "/srv/copies"), new ReplicaResumed(Laptop, Snapshot, default),
            new ReplicaVerified(Laptop, Snapshot, new Verification.Sound(SampleStatus.Now, 0)),
        new ReplicaDamaged(Laptop, Snapshot, Damage, Nas), new SnapshotsRemoved(Laptop, [Snapshot]),
            new ReplicaCounted(Nas, Snapshot, 1, 2), new SnapshotProtected(Laptop, Snapshot, 2, 2),
        new RunFinished(Laptop, Summary), new SnapshotAtRisk(Laptop, Snapshot, 1, 2),
            new SnapshotTooOld(Laptop, Snapshot, TimeSpan.FromDays(9)),
                new Recalled("joined", "joined: destination nas"), new Warned(Reason.Text("mind this")),
    ];

    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Spanish)]
    public void Each_event_is_told_in_words(Language language)
    {
        var view = new View(language, RenderedPage.Coordinator(SampleStatus.Nobody));

        Assert.All(Events,
            happened => Assert.DoesNotContain("{", EventWords.Text(happened, view), StringComparison.Ordinal));
    }

    [Fact]
    public void No_event_is_forgotten_here()
    {
        // Those are no lines of the list: the newest files, the progress and the skipped ones have places of their own,
        // and the address is the key to the page.
        Type[] elsewhere = [typeof(FileStored), typeof(DeliveryProgress), typeof(ReceptionProgress),
            typeof(EntrySkipped), typeof(PagesOpened)];
        var all = typeof(NodeEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(NodeEvent)) && !type.IsAbstract);

        Assert.Equal(all.Except(elsewhere).OrderBy(type => type.Name),
            Events.Select(happened => happened.GetType()).OrderBy(type => type.Name));
    }

    [Fact]
    public void What_is_at_risk_is_no_plain_matter()
    {
        Assert.Equal("bad", EventWords.Tone(new SnapshotAtRisk(Laptop, Snapshot, 1, 2)));
        Assert.Equal("warn", EventWords.Tone(new SnapshotTooOld(Laptop, Snapshot, TimeSpan.FromDays(9))));
        Assert.Equal("bad", EventWords.Tone(new Recalled("at-risk", "at risk: laptop")));
    }
}
