using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs;

/// <summary>
/// Who of a run's destinations gets no further: neither receives nor verifies, nor does its disk work at making the
/// replica durable. A link's end is seen by its other end; a disk that hangs is seen by nobody else. No clock: times
/// are given.
/// </summary>
public sealed class StallWatch
{
    /// <summary>
    /// Once the required copies are stored, whoever gets no further for so long is left to catching up.
    /// </summary>
    public static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Before, whoever makes its replica durable, or lacks something that all others have, is given up after so long
    /// without a sign: large replicas take minutes, and their disks show that they work.
    /// </summary>
    public static readonly TimeSpan Lacking = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Before, where nobody at all gets any further, neither a destination nor whoever has the content: some end of
    /// some link is silent that owes something.
    /// </summary>
    public static readonly TimeSpan Silent = TimeSpan.FromMinutes(5);

    private readonly Dictionary<NodeName, (Signs Last, TimeSpan Since)> _known = [];
    private readonly Dictionary<NodeName, TimeSpan> _publishing = [];
    private ((TreeTotals Dealt, long Given, long Reading) Last, TimeSpan Since)? _root;

    /// <summary>How far a destination is now.</summary>
    /// <param name="member">The destination.</param>
    /// <param name="said">Its last report; null: it has made none.</param>
    /// <param name="files">Bytes of the files that it has verified.</param>
    /// <param name="now">The moment.</param>
    public void Note(RunMember member, ReplicaReport? said, long files, TimeSpan now)
    {
        if (member.Standing is not MemberStanding.Publishing) _publishing.Remove(member.Name);
        else _publishing.TryAdd(member.Name, now);
        if (member.Standing is not (MemberStanding.Copying or MemberStanding.Publishing))
        {
            _known.Remove(member.Name);
            return;
        }
        var (received, verified) = (said?.Received ?? 0, said?.Verified ?? 0);
        var signs = new Signs(member.Standing, received, verified, said?.Done, said?.Activity, files);
        if (!_known.TryGetValue(member.Name, out var known) || known.Last != signs) _known[member.Name] = (signs, now);
    }

    /// <summary>
    /// How far whoever has the content is: what it has dealt with, and what it says of its own reading.
    /// </summary>
    public void NoteRoot(TreeTotals dealt, LinkFlow? own, TimeSpan now)
    {
        var signs = (dealt, own?.Bytes ?? 0, own?.BusyMilliseconds ?? 0);
        if (_root?.Last != signs) _root = (signs, now);
    }

    /// <summary>Nothing is to be sent for now.</summary>
    public void Clear()
    {
        _known.Clear();
        _publishing.Clear();
        _root = null;
    }

    /// <summary>There are other links now. Whoever makes its replica durable has none: its time goes on.</summary>
    public void ForgetLinks()
    {
        foreach (var (name, known) in _known)
        {
            if (known.Last.Standing == MemberStanding.Copying) _known.Remove(name);
        }
        _root = null;
    }

    /// <summary>Whether somebody copies, and nothing has moved anywhere for <see cref="Silent"/>.</summary>
    public bool IsStill(TimeSpan now) => _root is { } root && now - root.Since >= Silent
        && _known.Values.Any(known => known.Last.Standing == MemberStanding.Copying)
        && _known.Values.All(known => now - known.Since >= Silent);

    /// <summary>
    /// Those that have been making their replicas durable for so long, whatever their disks do meanwhile.
    /// </summary>
    public IReadOnlyList<NodeName> Publishing(TimeSpan patience, TimeSpan now) =>
        [.. _publishing.Where(one => now - one.Value >= patience).Select(one => one.Key)];

    /// <summary>Those that got no further for so long.</summary>
    public IReadOnlyList<NodeName> Stalled(TimeSpan patience, TimeSpan now) =>
        [.. _known.Where(known => now - known.Value.Since >= patience).Select(known => known.Key)];

    private sealed record Signs(
        MemberStanding Standing, long Received, long Verified, long? Done, long? Activity, long Files);
}
