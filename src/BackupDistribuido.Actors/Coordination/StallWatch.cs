using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// Who of a run's destinations gets no further: neither receives nor verifies, nor does its disk work at making the
/// replica durable. A link's end is seen by its other end; a disk that hangs is seen by nobody else.
/// </summary>
internal sealed class StallWatch(TimeProvider clock)
{
    /// <summary>Once the required copies are stored, whoever gets no further for so long is left to catching
    /// up.</summary>
    public static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    /// <summary>Before, whoever makes its replica durable, or lacks something that all others have, is given up after
    /// so long without a sign: large replicas take minutes, and their disks show that they work.</summary>
    public static readonly TimeSpan Lacking = TimeSpan.FromMinutes(10);

    /// <summary>Before, where nobody at all gets any further, neither a destination nor whoever has the content: some
    /// end of some link is silent that owes something.</summary>
    public static readonly TimeSpan Silent = TimeSpan.FromMinutes(5);

    private readonly Dictionary<NodeName, (Signs Last, long Since)> _known = [];
    private ((TreeTotals Dealt, long Given, long Reading) Last, long Since)? _root;

    /// <summary>How far a destination is now; <paramref name="said"/> is its last report, null where it has made none,
    /// and <paramref name="files"/> the bytes of the files that it has verified.</summary>
    public void Note(RunMember member, ReplicaReport? said, long files)
    {
        if (member.Standing is not (MemberStanding.Copying or MemberStanding.Publishing))
        {
            _known.Remove(member.Name);
            return;
        }
        var now =
            new Signs(member.Standing, said?.Received ?? 0, said?.Verified ?? 0, said?.Done, said?.Activity, files);
        if (!_known.TryGetValue(member.Name, out var known) || known.Last != now)
            _known[member.Name] = (now, clock.GetTimestamp());
    }

    /// <summary>How far whoever has the content is: what it has dealt with, and what it says of its own
    /// reading.</summary>
    public void NoteRoot(TreeTotals dealt, LinkFlow? own)
    {
        var now = (dealt, own?.Bytes ?? 0, own?.BusyMilliseconds ?? 0);
        if (_root?.Last != now) _root = (now, clock.GetTimestamp());
    }

    /// <summary>Nothing is to be sent for now, or there are other links now.</summary>
    public void Clear()
    {
        _known.Clear();
        _root = null;
    }

    /// <summary>Somebody copies, and nothing has moved anywhere for <see cref="Silent"/>.</summary>
    public bool IsStill =>
        _root is { } root && _known.Count > 0 && clock.GetElapsedTime(root.Since) >= Silent
            && _known.Values.All(known => clock.GetElapsedTime(known.Since) >= Silent);

    /// <summary>Those that got no further for so long.</summary>
    public IReadOnlyList<NodeName> Stalled(TimeSpan patience) =>
        [.. _known.Where(known => clock.GetElapsedTime(known.Value.Since) >= patience).Select(known => known.Key)];

    private sealed record Signs(MemberStanding Standing, long Received, long Verified, long? Done, long? Activity,
        long Files);
}
