using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Coordination;

/// <summary>
/// Which destinations are left alone by catch-ups: those that failed, were late, or were brought a snapshot a moment
/// ago. No clock: times are given. Of each kind at most <see cref="Most"/> are known; beyond that all of it are
/// forgotten, and tried again.
/// </summary>
public sealed class CatchUpBackoff
{
    /// <summary>Most of each kind.</summary>
    public const int Most = 10_000;

    /// <summary>A destination that did not get ready for a catch-up is not tried again before: each attempt is a
    /// run.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>The cause at the destination may have been removed by then.</summary>
    private readonly Backoff<(NodeIdentity Destination, SnapshotId Snapshot)> _givenUp =
        new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(6), Most);

    /// <summary>Each try would meet the defect again.</summary>
    private readonly Backoff<NodeName> _crashed = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), Most);

    private readonly Dictionary<NodeIdentity, TimeSpan> _lateUntil = [];
    private readonly Dictionary<(NodeIdentity Destination, SnapshotId Snapshot), TimeSpan> _broughtUntil = [];

    /// <summary>It did not get ready.</summary>
    public void Late(NodeIdentity destination, TimeSpan now)
    {
        if (_lateUntil.Count >= Most) _lateUntil.Clear();
        _lateUntil[destination] = now + Pause;
    }

    /// <summary>
    /// It failed at a snapshot in this incarnation, at receiving it or at giving it to others: it is not tried again
    /// for a pause that grows each time.
    /// </summary>
    public void GaveUp(NodeIdentity destination, SnapshotId snapshot, TimeSpan now) =>
        _givenUp.Failed((destination, snapshot), now);

    /// <summary>It has stored a snapshot: it did not fail at it after all.</summary>
    public void Stored(NodeIdentity destination, SnapshotId snapshot) => _givenUp.Succeeded((destination, snapshot));

    /// <summary>
    /// A catch-up with a snapshot of that origin was stopped by a defect; how long it is not tried again.
    /// </summary>
    public TimeSpan Crashed(NodeName origin, TimeSpan now) => _crashed.Failed(origin, now);

    /// <summary>Whether others may be brought to that origin's snapshots now.</summary>
    public bool MayBegin(NodeName origin, TimeSpan now) => !_crashed.Holds(origin, now);

    /// <summary>
    /// A catch-up brought it a snapshot. It may go on to say that another one is its newest, for its clock may be
    /// ahead; each catch-up would find that nothing is lacking, and another one begin.
    /// </summary>
    public void Delivered(NodeIdentity destination, SnapshotId snapshot, TimeSpan now)
    {
        if (_broughtUntil.Count >= Most) _broughtUntil.Clear();
        _broughtUntil[(destination, snapshot)] = now + Pause;
    }

    /// <summary>It reports its snapshots itself: if it loses one again, that is brought to it at once.</summary>
    public void Handle(DestinationRegistration said)
    {
        if (_broughtUntil.Count == 0) return;
        foreach (var held in said.Newest) _broughtUntil.Remove((said.Node, held.Snapshot));
    }

    /// <summary>Whether it may be brought that snapshot now.</summary>
    public bool MayReceive(NodeIdentity destination, SnapshotId snapshot, TimeSpan now) =>
        MayGive(destination, snapshot, now)
        && !(_lateUntil.TryGetValue(destination, out var late) && now < late)
        && !(_broughtUntil.TryGetValue((destination, snapshot), out var brought) && now < brought);

    /// <summary>Whether it may be asked to give that snapshot to others.</summary>
    public bool MayGive(NodeIdentity destination, SnapshotId snapshot, TimeSpan now) =>
        !_givenUp.Holds((destination, snapshot), now);
}
