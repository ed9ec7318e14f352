using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

public sealed class WritingStateTests
{
    private static readonly WritingState Opened = new() { IsOpened = true };
    private static readonly WritingState Whole = Opened with { HasAll = true };

    [Fact]
    public void What_the_run_is_told_follows_the_replica()
    {
        Assert.Equal(ReplicaPhase.Resuming, new WritingState().Phase);
        Assert.Equal(ReplicaPhase.Receiving, Opened.Phase);
        Assert.Equal(ReplicaPhase.Publishing, Whole.Phase);
        Assert.Equal(ReplicaPhase.Failed, Whole.Failed(Reason.Text("no room")).Phase);
        Assert.Equal(ReplicaPhase.Stored, Whole.Stored(new ManifestSeal()).Phase);
        Assert.Equal(ReplicaPhase.Resuming, Opened.Reopened().Phase);
    }

    [Fact]
    public void A_link_may_come_until_all_is_there()
    {
        Assert.False(new WritingState().MayReceive);
        Assert.True(Opened.MayReceive);
        Assert.False(Whole.MayReceive);
        Assert.False(Opened.Stored(new ManifestSeal()).MayReceive);
        Assert.True(Opened.MayCall);
        Assert.All([Opened with { IsLinkOpen = true }, Opened with { IsLeaving = true },
            Opened.Failed(Reason.Text("no room")), Whole], state => Assert.False(state.MayCall));
    }

    [Fact]
    public void The_first_seal_stands()
    {
        var (one, other) = (Sha256Digest.Of("one"u8), Sha256Digest.Of("other"u8));

        Assert.Equal(one, Opened.WithSeal(one).WithSeal(other).Seal);
    }

    [Fact]
    public void The_seal_is_waited_for_while_the_coordinator_answers_only_so_often()
    {
        var state = Whole;
        for (var beat = 1; beat < WritingState.MostSealBeats; beat++)
        {
            state = state.Answered(out var isUnknown);
            Assert.False(isUnknown);
        }
        _ = state.Answered(out var isOver);
        Assert.True(isOver);
    }

    [Fact]
    public void Nobody_waits_for_a_seal_before_all_is_there_or_while_it_is_published()
    {
        foreach (var one in new[] { Opened, Whole with { IsPublishing = true }, Whole with { IsLeaving = true } })
        {
            var state = one;
            for (var beat = 0; beat < 2 * WritingState.MostSealBeats; beat++)
            {
                state = state.Answered(out var isUnknown);
                Assert.False(isUnknown);
            }
        }
    }

    [Fact]
    public void A_writer_leaves_when_nothing_is_written_any_more()
    {
        var leaving = Opened with { IsLeaving = true };

        Assert.True(leaving.MayEnd);
        Assert.False((leaving with { IsLinkOpen = true }).MayEnd);
        Assert.False((leaving with { IsPublishing = true }).MayEnd);
        Assert.True((leaving with { IsPublishing = true }).Failed(Reason.Text("no room")).MayEnd);
    }
}
