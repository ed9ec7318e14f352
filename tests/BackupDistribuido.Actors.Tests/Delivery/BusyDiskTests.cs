using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Transfer;

namespace BackupDistribuido.Actors.Tests.Delivery;

/// <summary>What happens while the disk's thread has no time to begin a pass.</summary>
public sealed class BusyDiskTests() : TestKit(ConfigurationFactory.ParseString(
    DiskDispatcher.Name + " { type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 1 }")
        .WithFallback(HandRun.Config))
{
    [Fact]
    public async Task One_that_is_lost_before_its_pass_has_begun_is_named_and_the_next_are_served()
    {
        using var run = new HandRun(this, SampleFiles.EveryKind);
        using var quick = new HandChild("quick");
        using var free = new ManualResetEventSlim();
        var (a, bound) = (run.Destination("a"), HandRun.Bound);
        Sys.ActorOf(Props.Create(() => new BusyActor()).WithDispatcher(DiskDispatcher.Name))
            .Tell(new Action(() => free.Wait(bound)));
        run.Deliver(run.NextPlan(quick.Node));
        await quick.WelcomeAsync();
        (await quick.Accepted).Connection.Dispose();

        Assert.Equal("quick",
            Assert.Single(run.OriginReport(report => report.FailedLinks.Count > 0).FailedLinks).Destination.ToString());
        free.Set();
        run.Open(a.Node());

        a.Stored();
        run.IsFaithful(a);
    }

    private sealed class BusyActor : ReceiveActor
    {
        public BusyActor() => Receive<Action>(work => work());
    }
}
