using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Components.Coordinator;

/// <summary>How far a run is and how fast, over all of its destinations that still take part.</summary>
/// <param name="Done">Content bytes at destinations.</param>
/// <param name="Total">Content bytes that there will be.</param>
/// <param name="Speed">Bytes a second that arrive at all of them together.</param>
/// <param name="Remaining">Until the slowest is done; null where that can't be told.</param>
internal sealed record RunPace(long Done, long Total, double Speed, TimeSpan? Remaining)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static RunPace Of(RunStatus run, NodeState state)
    {
        var members = (run.Members ?? []).Where(member => member.Standing is not (MemberStanding.Failed or MemberStanding.Away)).ToList();
        if (members.Count == 0) return new RunPace(run.BytesDone, run.BytesTotal, 0, null);
        var waits = members.Select(member => Wait(run.BytesTotal - member.Done(run.BytesTotal), state.Speed(run.Run, member.Name))).ToList();
        return new RunPace(members.Sum(member => member.Done(run.BytesTotal)), run.BytesTotal * members.Count, members.Sum(member => state.Speed(run.Run, member.Name)),
            waits.Contains(null) || waits.Max() == TimeSpan.Zero ? null : waits.Max());
    }

    private static TimeSpan? Wait(long bytes, double speed) => bytes <= 0 ? TimeSpan.Zero
        : speed < 1 || bytes / speed > Longest.TotalSeconds ? null : TimeSpan.FromSeconds(bytes / speed);
}
