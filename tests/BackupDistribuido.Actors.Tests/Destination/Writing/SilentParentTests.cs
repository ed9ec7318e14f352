using System.Text;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>A parent that owes nothing but the end of its input, and does not end it.</summary>
public sealed class SilentParentTests() : TestKit(HandRun.Config)
{
    private static readonly byte[] Line = Encoding.ASCII.GetBytes("d 755 0 0 0.000000000 - .\n");

    [Fact]
    public async Task In_version_1_after_the_seal_it_is_not_waited_for_for_ever()
    {
        using var run = new HandRun(this, _ => { }) { Speaks = LinkProfile.First };
        var a = run.Destination("a", new LinkDeadlines { Progress = TimeSpan.FromSeconds(1) });
        using var connection = await GreetAsync(run, a);

        await connection.WriteAsync([FrameWriter.Header(new PageFrame(0, 0, 1, Line.Length)), Line, Seal], null,
            CancellationToken.None);

        Assert.Contains("said nothing for 1 s", a.Report(report => report.LostLink is not null).LostLink?.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_the_seal_it_need_not_say_anything()
    {
        using var run = new HandRun(this, _ => { });
        var a = run.Destination("a", new LinkDeadlines { Silence = TimeSpan.FromMilliseconds(200) });
        using var connection = await GreetAsync(run, a);

        await connection.WriteAsync([FrameWriter.Header(new PageFrame(0, 0, 1, Line.Length, Sha256Digest.Of(Line))),
            Line, Seal], null, CancellationToken.None);

        run.Sealed(Sha256Digest.Of(Line));
        a.Stored();
        Assert.EndsWith($"DONE {Sha256Digest.Of(Line)}\n", await SaidAsync(connection), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_seal_it_says_that_it_lives_or_is_given_up()
    {
        using var run = new HandRun(this, _ => { });
        var a = run.Destination("a", new LinkDeadlines { Silence = TimeSpan.FromMilliseconds(300) });
        using var connection = await GreetAsync(run, a);

        Assert.Contains("said nothing for 0.3 s", a.Report(report => report.LostLink is not null).LostLink?.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("ERROR silence ", await SaidAsync(connection), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_hears_DONE_at_the_end_of_the_run_also_where_a_child_below_has_not_said_it()
    {
        using var run = new HandRun(this, _ => { });
        var a = run.Destination("a");
        var below = new TaskCompletionSource<AcceptedLink>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"),
            new LinkReception(_ => Admission.Granted, below.SetResult, _ => { }), null, CancellationToken.None);
        var greeting = GreetAsync(run, a, new PlanNode(NodeName.Parse("b"), listener.Address, []));
        var (hello, child) = await below.Task.WaitAsync(HandRun.Bound);
        using (child)
        using (var connection = await Welcome())
        {
            await connection.WriteAsync([FrameWriter.Header(new PageFrame(0, 0, 1, Line.Length,
                Sha256Digest.Of(Line))), Line, Seal], null, CancellationToken.None);
            await child.WriteAsync(new NeedFrame(0, 0), CancellationToken.None);
            run.Sealed(Sha256Digest.Of(Line));
            a.Stored();

            a.Writer!.Tell(new RunOver(run.Run, null), TestActor);

            Assert.EndsWith($"DONE {Sha256Digest.Of(Line)}\n", await SaidAsync(connection), StringComparison.Ordinal);
        }

        async Task<PeerConnection> Welcome()
        {
            await child.WriteAsync(new WelcomeFrame(hello.Run, hello.Epoch, hello.To, 0), CancellationToken.None);
            return await greeting.WaitAsync(HandRun.Bound);
        }
    }

    private static byte[] Seal => FrameWriter.Header(new SealFrame(1, 1, 0, Sha256Digest.Of(Line)));

    private static async Task<PeerConnection> GreetAsync(HandRun run, HandDestination a,
        params PlanNode[] children)
    {
        var plan = run.NextPlan(a.Node(children));
        run.Prepare(plan);
        var hello = new HelloFrame(plan.Run, plan.Epoch, plan.Secret, HandLink.Origin, a.Name, plan.Snapshot)
        {
            Profile = run.Speaks,
        };
        return (await LinkDialer.DialAsync(a.Node().Data!, hello, null, CancellationToken.None)).Connection;
    }

    // All that the child says until it closes.
    private static async Task<string> SaidAsync(PeerConnection connection)
    {
        using var limit = new CancellationTokenSource(HandRun.Bound);
        var (said, scratch) = (new StringBuilder(), new byte[4096]);
        while (await connection.ReadAsync(scratch, limit.Token) is > 0 and var count)
            said.Append(Encoding.ASCII.GetString(scratch, 0, count));
        return said.ToString();
    }
}
