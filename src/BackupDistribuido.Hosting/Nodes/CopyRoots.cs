using System.Collections.Concurrent;
using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>
/// The folders of a copy. One that can't be used costs the others nothing: it is named, nobody waits for it, and it is
/// in the end's account. From any thread.
/// </summary>
internal sealed class CopyRoots(IReadOnlyList<CopyDestination> all, Action<NodeEvent> report)
{
    private readonly ConcurrentDictionary<CopyDestination, NodeException> _failed = new();
    private readonly TaskCompletionSource _nobody = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the origin knows of them.</summary>
    public OriginControl Control { get; } = new() { Expected = all.Count };

    /// <summary>Fails when none of them can be used; else it never completes.</summary>
    public Task Nobody => _nobody.Task;

    /// <summary>Runs a folder's destination, and takes note where it fails.</summary>
    public async Task RunAsync(CopyDestination one, Func<Task> run)
    {
        try
        {
            // Opening a folder may block for as long as its disk likes.
            await Task.Run(run).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NodeException or IOException)
        {
            _failed[one] = e as NodeException ?? new NodeException(ExitCode.Unexpected, e.Message, e);
            Control.Expected = all.Count - _failed.Count;
            if (_failed.Count == all.Count) _nobody.TrySetException(Why());
            else report(new Warned($"DEST {one.Root} can't be used: {e.Message}"));
        }
    }

    /// <summary>What is said where the run did not come about: which folders there are, and why each of them can't have
    /// the tree.</summary>
    public NodeException Explain(NodeException why) => why.Code != ExitCode.NotEnoughDestinations ? why
        : new NodeException(ExitCode.AtRisk, $"no DEST can take the tree: {string.Join("; ", all.Select(one => $"{one.Root}: {WhyNot(one)}"))}", why);

    /// <summary>The end with all of them in it, also those that took no part.</summary>
    public RunSummary Complete(RunSummary end) => end with
    {
        Destinations = [.. end.Destinations,
            .. all.Where(one => end.Destinations.All(known => known.Name != one.Name))
                .Select(one => new ReplicaResult(one.Name, ReplicaState.Failed, $"{WhyNot(one)} ({one.Root})", ""))],
    };

    private string WhyNot(CopyDestination one) => _failed.TryGetValue(one, out var failure) ? failure.Message
        : Control.NotEligible.Select(text => text.Split(": ", 2)).FirstOrDefault(text => text[0] == one.Name.ToString()) is [_, var reason] ? reason
        : "it was not ready in time; its disk may hang";

    // One has the code that it always had.
    private NodeException Why() => all.Select(one => _failed[one]).ToList() is [var only] ? only
        : new NodeException(_failed[all[0]].Code, string.Join("; ", all.Select(one => $"DEST {one.Root} can't be used: {_failed[one].Message}")));
}
