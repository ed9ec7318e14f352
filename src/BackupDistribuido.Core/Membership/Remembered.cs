using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>A destination that was here and is not connected now.</summary>
/// <param name="Identity">The id in its root. Of two that had one name one after the other, only the later one is
/// known: the disk behind the name was replaced.</param>
/// <param name="Disk">Names its root's file system; equal texts are one disk.</param>
/// <param name="Newest">The newest snapshot of each origin that it had then.</param>
/// <param name="Reason">Why it went; null where that is not known any more.</param>
public sealed record AbsentDestination(string Identity, NodeName Name, NodeAddress Address, string Disk,
    DateTimeOffset LastSeen, IReadOnlyList<HeldSnapshot> Newest, Reason? Reason = null);

/// <summary>What is known of an origin, connected or not.</summary>
/// <param name="Required">Copies that protect its snapshots, by the newest run of it that began.</param>
/// <param name="Protected">Its newest snapshot that was seen stored as often as that; null: none was.</param>
/// <param name="Topology">The shape of its plans, as it last said.</param>
/// <param name="Last">The end of its last run; null: there was none, or it is unknown.</param>
/// <param name="IsAsked">No run of it is known: its required copies are only what it asks for.</param>
/// <param name="Seen">When it was here last, or its last run began; null: that is not known.</param>
public sealed record KnownOrigin(NodeName Name, int Required, SnapshotId? Protected,
    TopologyChoice Topology = TopologyChoice.Auto, PastRun? Last = null, bool IsAsked = false, DateTimeOffset? Seen =
        null)
{
    /// <summary>How long an origin that never had a run is shown after it was last seen: its name may have been
    /// mistyped.</summary>
    public static readonly TimeSpan ShownUnrun = TimeSpan.FromDays(1);

    /// <summary>Whether it can be forgotten.</summary>
    public bool IsForgottenAt(DateTimeOffset now) => Last is null && Protected is null && now - Seen > ShownUnrun;
}

/// <summary>
/// A coordinator's knowledge of nodes beyond the connected ones: past nodes and what they had, the speeds of links to
/// them, and the wishes of each origin. At most <see cref="Most"/> of each are kept, the most recent ones.
/// </summary>
public sealed class Remembered
{
    /// <summary>Most destinations, and most origins.</summary>
    public const int Most = 10_000;

    private readonly Dictionary<string, AbsentDestination> _absent = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeName, string> _absentNames = [];
    private readonly OrderedDictionary<NodeName, SnapshotId> _highest = [];
    private readonly OrderedDictionary<NodeName, (SnapshotId Snapshot, Sha256Digest Digest)> _seals = [];
    private readonly OrderedDictionary<NodeName, KnownOrigin> _origins = [];
    private readonly OrderedDictionary<string, long> _speeds = new(StringComparer.Ordinal);

    /// <summary>Absent nodes, the last seen first.</summary>
    public IEnumerable<AbsentDestination> Absent => _absent.Values.OrderByDescending(one => one.LastSeen);

    /// <summary>What that destination had when it left; null if it is not absent.</summary>
    public AbsentDestination? Find(NodeIdentity node) => _absent.GetValueOrDefault(node.Identity);

    /// <summary>The origins, connected or not.</summary>
    public IEnumerable<KnownOrigin> Origins => _origins.Values;

    /// <summary>What is known of that origin, or null.</summary>
    public KnownOrigin? Origin(NodeName name) => _origins.GetValueOrDefault(name);

    /// <summary>A destination left, at that time and for that reason.</summary>
    public void Left(DestinationRegistration registration, DateTimeOffset time, Reason? reason = null) =>
        Add(new AbsentDestination(registration.Node.Identity, registration.Node.Name, registration.Data,
            registration.Disk, time, registration.Newest, reason));

    /// <summary>A destination that is not connected, as the record has it. One that had the same name and another
    /// identity before it is forgotten.</summary>
    public void Add(AbsentDestination one)
    {
        if (_absentNames.TryGetValue(one.Name, out var other) && other != one.Identity)
        {
            if (_absent[other].LastSeen > one.LastSeen) return;
            Drop(other);
        }
        Drop(one.Identity);
        (_absent[one.Identity], _absentNames[one.Name]) = (one, one.Identity);
        if (_absent.Count > Most) Drop(_absent.Values.MinBy(absent => absent.LastSeen)!.Identity);
    }

    /// <summary>
    /// A destination is connected: from now on its own reports count, under whatever name. An absent one that had its
    /// name with another identity was on a disk that has been replaced: it counts no more, and is returned.
    /// </summary>
    public AbsentDestination? Joined(NodeIdentity node)
    {
        Drop(node.Identity);
        var replaced = _absentNames.TryGetValue(node.Name, out var other) ? _absent[other] : null;
        if (replaced is not null) Drop(replaced.Identity);
        return replaced;
    }

    private void Drop(string identity)
    {
        if (_absent.Remove(identity, out var gone)) _absentNames.Remove(gone.Name);
    }

    /// <summary>An origin's snapshot with that id exists, or a run for it began. Ids that are not credible are
    /// ignored.</summary>
    public void Saw(NodeName origin, SnapshotId id, SnapshotOrder order)
    {
        if (order.IsCredible(id) && !(_highest.TryGetValue(origin, out var known) && known.CompareTo(id) >= 0))
            Keep(_highest, origin, id);
    }

    /// <summary>The highest credible id of an origin's that was ever seen; null where none was.</summary>
    public SnapshotId? Highest(NodeName origin) => _highest.TryGetValue(origin, out var id) ? id : null;

    /// <summary>A run here sealed an origin's snapshot with that digest.</summary>
    public void Sealed(NodeName origin, SnapshotId snapshot, Sha256Digest digest) =>
        Keep(_seals, origin, (snapshot, digest));

    /// <summary>The seal of that snapshot from a run here; null if unknown. It is known for the last one of each
    /// origin.</summary>
    public Sha256Digest? SealOf(NodeName origin, SnapshotId snapshot) =>
        _seals.TryGetValue(origin, out var known) && known.Snapshot == snapshot ? known.Digest : null;

    /// <summary>An origin is here and asks for so many copies. What its snapshots are judged by is what its newest run
    /// wanted, where one is known: a run that never began changes nothing.</summary>
    public void Asks(NodeName origin, int required, TopologyChoice topology, DateTimeOffset now)
    {
        if (Origin(origin) is { IsAsked: false } known) Keep(_origins, origin, known with { Seen = now });
        else Keep(_origins, origin,
            new KnownOrigin(origin, required, Origin(origin)?.Protected, topology, Origin(origin)?.Last, IsAsked: true,
                now));
    }

    /// <summary>A run begins of an origin that wants so many copies, and plans of that shape. True where that is
    /// news.</summary>
    public bool Requires(NodeName origin, int required, TopologyChoice topology = TopologyChoice.Auto)
    {
        var known = Origin(origin);
        var wants = new KnownOrigin(origin, required, known?.Protected, topology, known?.Last, Seen: known?.Seen);
        Keep(_origins, origin, wants);
        return known is null || known with { IsAsked = false } != wants;
    }

    /// <summary>Bytes a second that links to a destination of that identity have carried; null where that is not
    /// known.</summary>
    public long? Speed(string identity) => _speeds.TryGetValue(identity, out var speed) ? speed : null;

    /// <summary>Links to it have carried that.</summary>
    public void Ran(string identity, long bytesPerSecond) => Keep(_speeds, identity, bytesPerSecond);

    /// <summary>An origin as the record has it.</summary>
    public void Add(KnownOrigin origin) => Keep(_origins, origin.Name, origin);

    /// <summary>A snapshot is stored as often as it should be.</summary>
    public void Protected(NodeName origin, SnapshotId snapshot)
    {
        var order = SnapshotOrder.Upon(snapshot);
        if (Origin(origin) is { } known && !(known.Protected is { } before && order.Compare(before, snapshot) >= 0))
            _origins[origin] = known with { Protected = snapshot };
    }

    /// <summary>An origin's run is over, or was refused. Nothing is kept for an origin that never registered.</summary>
    public void Ended(NodeName origin, PastRun run)
    {
        if (Origin(origin) is { } known) _origins[origin] = known with { Last = run };
    }

    private static void Keep<TKey, TValue>(OrderedDictionary<TKey, TValue> known, TKey key, TValue value)
        where TKey : notnull
    {
        // Most often it is the one that was heard last already.
        if (known.Count > 0 && known.Comparer.Equals(known.GetAt(known.Count - 1).Key, key))
        {
            known[key] = value;
            return;
        }
        known.Remove(key);
        known.Add(key, value);
        if (known.Count > Most) known.RemoveAt(0);
    }
}
