using System.Text;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>A parent that owes nothing but the end of its input, and does not end it.</summary>
public sealed class SilentParentTests() : TestKit(HandRun.Config)
{
    [Fact]
    public async Task After_the_seal_it_is_not_waited_for_for_ever()
    {
        using var run = new HandRun(this, _ => { });
        var a = run.Destination("a", new LinkDeadlines { Progress = TimeSpan.FromSeconds(1) });
        var plan = run.NextPlan(a.Node());
        run.Prepare(plan);
        var link = await LinkDialer.DialAsync(a.Node().Data!,
            new HelloFrame(plan.Run, plan.Epoch, plan.Secret, HandLink.Origin, a.Name, plan.Snapshot), null,
                CancellationToken.None);
        using var connection = link.Connection;
        var line = Encoding.ASCII.GetBytes("d 755 0 0 0.000000000 - .\n");

        await connection.WriteAsync([FrameWriter.Header(new PageFrame(0, 0, 1, line.Length)), line,
            FrameWriter.Header(new SealFrame(1, 1, 0, Sha256Digest.Of(line)))], null, CancellationToken.None);

        Assert.Contains("said nothing for 1 s", a.Report(report => report.LostLink is not null).LostLink?.ToString(),
            StringComparison.Ordinal);
    }
}
