using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

/// <summary>A line of a page is damaged on the way, so that it is still a line. In version 1 nothing tells before the
/// seal, or the next announcement; in version 2 the page's digest does.</summary>
public sealed class DamagedPageTests() : TestKit(HandRun.Config)
{
    private static void Fill(string source)
    {
        for (var i = 0; i < 40; i++) File.WriteAllText(Path.Combine(source, $"file-{i:00}"), $"content {i}");
        File.SetUnixFileMode(Path.Combine(source, "file-07"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
    }

    [Theory]
    [InlineData("f 604 ", "f 606 ")]
    [InlineData("file-39\n", "file-3:\n")]
    public void It_is_received_again_from_the_first_page_and_nothing_twice(string right, string wrong)
    {
        using var run = new HandRun(this, Fill) { Speaks = LinkProfile.First };
        var a = run.Destination("a");
        using var wire = new DamagingWire(a.Node().Data!, right, wrong, 1);
        run.Open(a.Node() with { Data = wire.Address });
        run.OriginReport(report => report.FailedLinks.Count > 0);

        run.Open(a.Node() with { Data = wire.Address });

        a.Stored();
        run.IsFaithful(a);
        Assert.InRange(a.Reports[^1].Received, 0, 100);
        Assert.Contains(a.Said,
            said => said is Warned warned
                && warned.Message.ToString().Contains("received again from its first page", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("f 604 ", "f 606 ")]
    [InlineData("file-39\n", "file-3:\n")]
    [InlineData("file-39\n", "file-39 ")]
    public void By_its_digest_nothing_of_it_is_taken(string right, string wrong)
    {
        using var run = new HandRun(this, Fill);
        var a = run.Destination("a");
        using var wire = new DamagingWire(a.Node().Data!, right, wrong, 1);
        run.Open(a.Node() with { Data = wire.Address });
        var failed = run.OriginReport(report => report.FailedLinks.Count > 0).FailedLinks[0];

        Assert.Contains("page 0 does not have its digest", failed.Reason.ToString(), StringComparison.Ordinal);
        run.Open(a.Node() with { Data = wire.Address });
        a.Stored();
        run.IsFaithful(a);
        Assert.DoesNotContain(a.Said, said => said is Warned);
    }

    [Fact]
    public void What_never_fits_ends_with_a_reason()
    {
        using var run = new HandRun(this, Fill) { Speaks = LinkProfile.First };
        var a = run.Destination("a");
        using var wire = new DamagingWire(a.Node().Data!, "f 604 ", "f 606 ", int.MaxValue);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            run.Open(a.Node() with { Data = wire.Address });
            var plan = a.Reports[^1].Epoch;
            run.OriginReport(report => report.Epoch == plan && report.FailedLinks.Count > 0);
        }

        Assert.Contains("also after the whole manifest was received again",
            a.Report(report => report.Phase == ReplicaPhase.Failed).Reason.ToString(), StringComparison.Ordinal);
    }
}
