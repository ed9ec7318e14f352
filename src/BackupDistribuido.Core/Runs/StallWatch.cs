using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs;

/// <summary>
/// Which of a run's destinations make no progress: they neither receive nor verify, nor does their disk work at making
/// the replica durable. The other end of a link notices when it ends; only this notices a hanging disk. No clock: times
/// are given.
/// </summary>
public sealed class StallWatch
{
    /// <summary>
    /// Once the required copies are stored, a destination without progress for this time is left to a catch-up.
    /// </summary>
    public static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Before that, a destination that makes its replica durable, or lacks something that all others have, is given up
    /// after this time without progress: large replicas take minutes, and their disks show that they work.
    /// </summary>
    public static readonly TimeSpan Lacking = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Before that, if there is no progress at all, neither at a destination nor at the source: some end of some link
    /// is silent and owes something.
    /// </summary>
    public static readonly TimeSpan Silent = TimeSpan.FromMinutes(5);

    private readonly Dictionary<NodeName, (Signs Last, TimeSpan Since)> _known = [];
    private readonly Dictionary<NodeName, TimeSpan> _publishing = [];
    private ((TreeTotals Dealt, long Given, long Reading) Last, TimeSpan Since)? _root;

    /// <summary>How far a destination is now.</summary>
    /// <param name="member">The destination.</param>
    /// <param name="said">Its last report; null: none.</param>
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

    /// <summary>The progress of the source: what it has processed, and its report of its own reading.</summary>
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

    /// <summary>There are other links now. A destination that makes its replica durable has none: its time goes
    /// on.</summary>
    public void ForgetLinks()
    {
        foreach (var (name, known) in _known)
        {
            if (known.Last.Standing == MemberStanding.Copying) _known.Remove(name);
        }
        _root = null;
    }

    /// <summary>Whether a destination is copying, and nothing has moved anywhere for <see cref="Silent"/>.</summary>
    public bool IsStill(TimeSpan now) => _root is { } root && now - root.Since >= Silent
        && _known.Values.Any(known => known.Last.Standing == MemberStanding.Copying)
        && _known.Values.All(known => now - known.Since >= Silent);

    /// <summary>
    /// Destinations that have been making their replicas durable for that long, whatever their disks do meanwhile.
    /// </summary>
    public IReadOnlyList<NodeName> Publishing(TimeSpan patience, TimeSpan now) =>
        [.. _publishing.Where(one => now - one.Value >= patience).Select(one => one.Key)];

    /// <summary>Destinations without progress for that long.</summary>
    public IReadOnlyList<NodeName> Stalled(TimeSpan patience, TimeSpan now) =>
        [.. _known.Where(known => now - known.Value.Since >= patience).Select(known => known.Key)];

    private sealed record Signs(
        MemberStanding Standing, long Received, long Verified, long? Done, long? Activity, long Files);
}
