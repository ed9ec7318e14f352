using System.Text;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>What a receiver says to a parent that is not as it should be. The next link, of the real origin, brings the
/// rest where that origin knows of no less.</summary>
public sealed class ReceptionRefusalTests() : TestKit(HandRun.Config)
{
    private static readonly byte[] Four = "four"u8.ToArray();

    [Fact]
    public Task Content_with_another_digest_is_refused() => RefusedAsync(ErrorCode.Digest, async say =>
    {
        await say(new DataFrame(1, 0, 4), "FOUR"u8.ToArray());
        await say(new EndFrame(1, 4, Sha256Digest.Of(Four)), default);
        await say(new SealFrame(2, 1, 4, Sha256Digest.Of("any"u8)), default);
    });

    [Fact]
    public Task Content_that_was_not_asked_for_is_refused() =>
        RefusedAsync(ErrorCode.Order, say => say(new DataFrame(0, 0, 4), Four), forwards: false);

    [Fact]
    public Task A_seal_over_another_manifest_is_refused() => RefusedAsync(ErrorCode.Digest, async say =>
    {
        await say(new DataFrame(1, 0, 4), Four);
        await say(new EndFrame(1, 4, Sha256Digest.Of(Four)), default);
        await say(new SealFrame(2, 1, 4, Sha256Digest.Of("another"u8)), default);
    }, goesOn: false);

    [Fact]
    public Task An_end_before_the_seal_is_truncated() =>
        RefusedAsync(ErrorCode.Truncated, say => say(new DataFrame(1, 0, 2), Four.AsMemory(0, 2)), thenEnds: true);

    [Fact]
    public async Task A_run_that_is_over_cuts_the_link_and_publishes_nothing()
    {
        using var run = new HandRun(this, SampleFiles.MoreThanAnyBuffer);
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var hanging = a.HangAfter(3);
        run.Open(a.Node(b.Node()));
        await hanging.WaitAsync(HandRun.Bound);
        Watch(a.Writer!);

        a.Writer!.Tell(new RunOver(run.Run, null), TestActor);
        a.Thaw();

        ExpectTerminated(a.Writer, HandRun.Bound);
        await a.Work.ClosedAsync();
        Assert.True(Directory.Exists(a.Staged));
        Assert.False(Directory.Exists(a.Published));
        Assert.Equal("a",
            Assert.Single(run.OriginReport(report => report.FailedLinks.Count > 0).FailedLinks).Destination.ToString());
        Assert.True(Directory.Exists(b.Staged));
    }

    /// <summary>A parent announces the tree as it is, hears what is needed, and says something that ends the
    /// link.</summary>
    private async Task RefusedAsync(ErrorCode code, Func<Func<Frame, ReadOnlyMemory<byte>, Task>, Task> say,
        bool thenEnds = false, bool forwards = true, bool goesOn = true)
    {
        using var run = new HandRun(this, source => File.WriteAllBytes(Path.Combine(source, "f"), Four));
        var (a, b) = (run.Destination("a"), run.Destination("b"));
        var plan = run.NextPlan(forwards ? a.Node(b.Node()) : a.Node());
        run.Prepare(plan);
        var hello = new HelloFrame(plan.Run, plan.Epoch, plan.Secret, HandLink.Origin, a.Name, plan.Snapshot);
        var link = await LinkDialer.DialAsync(a.Node().Data!, hello, null, CancellationToken.None, HandRun.Bound);
        using (link.Connection)
        {
            var page = run.Tree.Page(0)!;
            await Say(page.Frame(page.Lines().Span), page.Lines());
            await HeardAsync(link.Connection, "NEED 0 2\n1\n");
            await say(Say);
            if (thenEnds) await link.Connection.CloseWritingAsync(CancellationToken.None);
            await HeardAsync(link.Connection, $"ERROR {ErrorCodes.Spell(code)} ");
        }

        Assert.False(Directory.Exists(a.Published));
        if (goesOn) run.Open(a.Node(b.Node()));
        foreach (var destination in goesOn ? [a, b] : Array.Empty<HandDestination>())
        {
            destination.Stored();
            run.IsFaithful(destination);
        }
        Assert.DoesNotContain(a.Reports.Concat(b.Reports), report => report.Phase == ReplicaPhase.Failed);

        Task Say(Frame frame, ReadOnlyMemory<byte> payload) =>
            link.Connection.WriteAsync([FrameWriter.Header(frame), payload], null, CancellationToken.None).AsTask();
    }

    private static async Task HeardAsync(PeerConnection connection, string words)
    {
        using var limit = new CancellationTokenSource(HandRun.Bound);
        var (heard, scratch) = (new StringBuilder(), new byte[4096]);
        while (!heard.ToString().Contains(words, StringComparison.Ordinal))
        {
            var count = await connection.ReadAsync(scratch, limit.Token);
            Assert.True(count > 0, $"the link ended without '{words}': {heard}");
            heard.Append(Encoding.ASCII.GetString(scratch, 0, count));
        }
    }
}
