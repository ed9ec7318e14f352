using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Components.Coordinator;

/// <summary>A run as a page shows it; with <paramref name="End"/> it is over.</summary>
internal sealed record ShownRun(RunStatus Status, RunSummary? End = null);

/// <summary>
/// The runs on an open page, each in its place: those under way, and those that have ended while the page was open,
/// until their origin begins another. So nothing is taken away from under its reader's eyes. A run comes when its first
/// plan is known: then it is as high as it will be.
/// </summary>
internal sealed class ShownRuns
{
    private const int MostEnded = 3;

    private readonly List<ShownRun> _shown = [];

    /// <summary>The runs to show for that state. States must be given in their order.</summary>
    public IReadOnlyList<ShownRun> By(NodeState state)
    {
        var live = (state.Cluster?.Runs ?? []).Where(run => run.Members is not null).ToDictionary(run => run.Run);
        for (var at = _shown.Count - 1; at >= 0; at--)
        {
            if (live.Remove(_shown[at].Status.Run, out var now)) _shown[at] = new ShownRun(now);
            else if (_shown[at].End is null && EndOf(_shown[at].Status.Run, state) is { } end)
                _shown[at] = new ShownRun(Ended(_shown[at].Status, end), end);
            else if (_shown[at].End is null) _shown.RemoveAt(at);
        }
        foreach (var begun in live.Values)
        {
            var before = _shown.FindIndex(one => one.End is not null && one.Status.Origin == begun.Origin);
            if (before < 0) _shown.Add(new ShownRun(begun));
            else _shown[before] = new ShownRun(begun);
        }
        while (_shown.Count(one => one.End is not null) > MostEnded)
            _shown.RemoveAt(_shown.FindIndex(one => one.End is not null));
        return _shown;
    }

    private static RunSummary? EndOf(RunId run, NodeState state) =>
        state.Events.Select(line => line.Event).OfType<RunFinished>()
            .FirstOrDefault(end => end.Summary.Run == run)?.Summary;

    private static RunStatus Ended(RunStatus last, RunSummary end) => last with
    {
        Copies = end.Copies,
        Progress = last.Progress is { } far ? Ended(far, end) : null,
        // Of a tree that was never sealed the end does not know.
        BytesTotal = end.Totals == default ? last.BytesTotal : end.Totals.Bytes,
        FilesTotal = end.Totals == default ? last.FilesTotal : end.Totals.Files,
        Members = [.. last.Members!
            .Select(member => end.Destinations.FirstOrDefault(one => one.Name == member.Name) is { } result
                ? Ended(member, result) : member)],
    };

    /// <summary>The end of a run replaces all of its figures; no waits are shown any more.</summary>
    private static RunProgress Ended(RunProgress last, RunSummary end) => end.Outcome == RunOutcome.Protected
        ? last with { Safe = last.Total, IsReached = true, Wait = null, Again = 0 }
        : last with { Rate = null, SecondsLeft = null, Wait = null };

    private static RunMemberStatus Ended(RunMemberStatus member, ReplicaResult result) => member with
    {
        Standing = result.State switch
        {
            ReplicaState.Stored => MemberStanding.Stored,
            ReplicaState.Failed => MemberStanding.Failed,
            _ => member.Standing
        },
        Reason = result.Reason,
    };
}
