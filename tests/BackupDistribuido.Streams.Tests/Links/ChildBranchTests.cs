using Akka.Streams.Dsl;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Links;

public sealed class ChildBranchTests : StreamSpec
{
    [Fact]
    public async Task A_child_that_lives_and_never_says_what_it_needs_is_given_up()
    {
        using var pair = await LinkPair.OverTcp();
        var deadlines = new LinkDeadlines { Needs = TimeSpan.FromMilliseconds(300), Silence = Eventually.Bound, Progress = Eventually.Bound };
        var branch = new ChildBranch(NodeName.Parse("copy-1"), new DialedLink(Frames.Welcome, pair.Parent), Pool, deadlines);
        var fanOut = new ParcelFanOut((_, _) => { });
        var running = branch.RunAsync(fanOut, (_, _) => { }, Materializer, Never);
        _ = Source.Single(Frames.Parcel(Pool, new PageFrame(0, 0, 1, 10))).Concat(Source.Never<Parcel>()).RunWith(fanOut.Inlet, Materializer);

        for (var said = 0; said < 400 && !running.IsCompleted; said++)
        {
            await pair.Child.WriteAsync(AliveFrame.Instance, Never).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(50);
        }

        var failure = await Assert.ThrowsAsync<LinkException>(() => Soon(running));
        Assert.Equal(ErrorCode.Silence, failure.Code);
    }
}
