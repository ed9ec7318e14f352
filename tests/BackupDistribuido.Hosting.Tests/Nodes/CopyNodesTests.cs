using System.Collections.Concurrent;
using Akka.Configuration;
using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Hosting.Tests.Nodes;

/// <summary>A copy to several folders, in this process.</summary>
public sealed class CopyNodesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bdist-copy");
    private readonly ConcurrentQueue<NodeEvent> _told = new();

    public CopyNodesTests() =>
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory("source").FullName, "f"), "four");

    [Fact]
    public async Task A_folder_that_can_not_be_used_costs_the_others_nothing_and_is_named()
    {
        var end = await Run(2, "missing/b", "a");

        Assert.Equal((RunOutcome.AtRisk, 1, 2, ExitCode.AtRisk),
            (end.Outcome, end.Copies, end.Required, RunExit.Of(end)));
        Assert.Equal("four", File.ReadAllText(Path.Combine(_folder.FullName, "a", "o", "latest", "f")));
        var failed = Assert.Single(end.Destinations, one => one.State == ReplicaState.Failed);
        Assert.Equal("missing-b", failed.Name.ToString());
        Assert.EndsWith($"({_folder.FullName}/missing/b)", failed.Reason.ToString(), StringComparison.Ordinal);
        Assert.Contains(_told.OfType<Warned>(),
            warned =>
                warned.Message.ToString().StartsWith($"DEST {_folder.FullName}/missing/b can't be used: ",
                    StringComparison.Ordinal));
        Assert.Equal(end, Assert.Single(_told.OfType<RunFinished>()).Summary with { Destinations = end.Destinations });
        // Neither the wait before a run nor the one for who may come back: nobody can come.
        Assert.InRange(end.Seconds, 0, 9);
    }

    [Fact]
    public async Task Where_enough_can_be_used_the_tree_is_protected()
    {
        var end = await Run(1, "a", "missing/b");

        Assert.Equal((RunOutcome.Protected, ExitCode.Success, 2),
            (end.Outcome, RunExit.Of(end), end.Destinations.Count));
    }

    [Fact]
    public async Task Where_none_can_be_used_it_ends_as_it_does_with_one()
    {
        var one = await Assert.ThrowsAsync<NodeException>(() => Run(1, "missing/a"));
        var both = await Assert.ThrowsAsync<NodeException>(() => Run(2, "missing/a", "missing/b"));

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (one.Code, both.Code));
        Assert.Contains("missing/a", both.Message, StringComparison.Ordinal);
        Assert.Contains("missing/b", both.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_none_can_be_used_that_is_the_reason_whatever_ends_first()
    {
        CopyDestination[] all = [new("/a", NodeName.Parse("a")), new("/b", NodeName.Parse("b"))];
        var roots = new CopyRoots(all, _ => { });
        foreach (var one in all)
            await roots.RunAsync(one, () => throw new IOException($"{one.Root} is not there"));

        var said = roots.Explain(
            new NodeException(ExitCode.NotEnoughDestinations, Reason.Of(new IOException("there are none"))));

        Assert.Equal(ExitCode.Unexpected, said.Code);
        Assert.All(all, one => Assert.Contains($"{one.Root} is not there", said.Message, StringComparison.Ordinal));
    }

    private Task<RunSummary> Run(int copies, params string[] roots)
    {
        var settings = new CopySettings(NodeName.Parse("o"),
            new OriginTree(Path.Combine(_folder.FullName, "source"), ScanRules.Everything), new CopyGoal(copies),
            [.. roots.Select(root =>
                new CopyDestination(Path.Combine(_folder.FullName, root), NodeName.Parse(root.Replace('/', '-'))))],
            new RootOptions(), TimeSpan.FromMinutes(5));
        var environment = new NodeEnvironment(null, false, _told.Enqueue,
            ConfigurationFactory.ParseString("akka.loglevel = OFF\nakka.stdout-loglevel = OFF"), []);
        return CopyNodes.RunAsync(settings, environment, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
