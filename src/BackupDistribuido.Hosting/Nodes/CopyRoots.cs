using System.Collections.Concurrent;
using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>
/// The folders of a copy. An unusable one does not affect the others: it is named, no wait is spent on it, and the
/// final lines list it. From any thread.
/// </summary>
internal sealed class CopyRoots(IReadOnlyList<CopyDestination> all, Action<NodeEvent> report)
{
    private readonly ConcurrentDictionary<CopyDestination, NodeException> _failed = new();
    private readonly TaskCompletionSource _nobody = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The destinations as the origin knows them.</summary>
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
            _failed[one] = e as NodeException ?? new NodeException(ExitCode.Unexpected, Reason.Of(e), e);
            // Before the origin hears that it need not wait: it would end for want of destinations, and say less.
            if (_failed.Count == all.Count) _nobody.TrySetException(Why());
            Control.Expected = all.Count - _failed.Count;
            if (_failed.Count < all.Count)
                report(new Warned(RunReason.DestinationUnusable(one.Root, Reason.Of(e))));
        }
    }

    /// <summary>The message if no run began: the folders, and why each of them can't take the tree.</summary>
    public NodeException Explain(NodeException why) => why.Code != ExitCode.NotEnoughDestinations ? why
        // The origin may have ended before anybody heard that the last of them failed.
        : _failed.Count == all.Count ? Why()
        : new NodeException(ExitCode.AtRisk,
            RunReason.NoDestination(Reason.Several(all.Select(one => MemberReason.Unable(one.Root, WhyNot(one))))),
                why);

    /// <summary>The end with all of them in it, also those that took no part.</summary>
    public RunSummary Complete(RunSummary end) => end with
    {
        Destinations = [.. end.Destinations,
            .. all.Where(one => end.Destinations.All(known => known.Name != one.Name))
                .Select(one =>
                    new ReplicaResult(one.Name, ReplicaState.Failed, RunReason.AtRoot(WhyNot(one), one.Root), ""))],
    };

    private Reason WhyNot(CopyDestination one) =>
        _failed.TryGetValue(one, out var failure) ? failure.Reason
            : Control.NotEligible.FirstOrDefault(unable => unable.Find("name") == one.Name.ToString())
            ?.Find("why") is { } why
                ? Reason.Parse(why) : MemberReason.NotReadyInTime;

    // One has the code that it always had.
    private NodeException Why() => all.Select(one => _failed[one]).ToList() is [var only] ? only
        : new NodeException(_failed[all[0]].Code,
            Reason.Several(all.Select(one => RunReason.DestinationUnusable(one.Root, _failed[one].Reason))));
}
