using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Catalogue;

/// <summary>
/// The catalogues of destinations as far as a coordinator knows them, connected or not. For a destination that has none
/// (an older version), or has not sent it yet, the newest snapshots of its registration are known. Memory is bounded:
/// beyond <see cref="MostOfOne"/> snapshots of a destination, and <see cref="Most"/> in all, the oldest are left out,
/// and counted. For one thread at a time.
/// </summary>
public sealed class KnownCatalogues
{
    /// <summary>Most snapshots of one destination that are known.</summary>
    public const int MostOfOne = 20_000;

    /// <summary>Most that are known of all destinations together; each takes about half a kilobyte.</summary>
    public const int Most = 200_000;

    private readonly int _mostOfOne, _most;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly SortedSet<Key> _keys = [];
    private readonly Dictionary<Key, List<Known>> _holders = [];
    private int _count;

    /// <summary>None yet.</summary>
    public KnownCatalogues() : this(MostOfOne, Most)
    {
    }

    /// <summary>None yet, and room for so many.</summary>
    public KnownCatalogues(int mostOfOne, int most) => (_mostOfOne, _most) = (mostOfOne, most);

    /// <summary>Up to which of its changes the catalogue of a destination is known; 0: not at all.</summary>
    public long UpTo(string identity) => _known.GetValueOrDefault(identity)?.UpTo ?? 0;

    /// <summary>A destination is connected, with this registration; returns whether all of its catalogue is
    /// known.</summary>
    public bool Heard(DestinationRegistration said)
    {
        var known = Of(said.Node.Identity, said.Node.Name);
        known.LastSeen = null;
        if (known.UpTo > 0 && said.Catalogue is { } version) return known.UpTo == version;
        // An older version of it is running there now, or it is still reading its catalogue.
        if (known.UpTo > 0) Begin(known);
        SetNewest(known, said.Newest, said.Older ?? []);
        return said.Catalogue is null;
    }

    /// <summary>A destination that is not connected had these when it went.</summary>
    public void Remember(AbsentDestination absent)
    {
        var known = Of(absent.Identity, absent.Name);
        known.LastSeen = absent.LastSeen;
        if (known.UpTo == 0) SetNewest(known, absent.Newest, []);
    }

    /// <summary>A destination went.</summary>
    public void Left(string identity, DateTimeOffset now)
    {
        if (_known.TryGetValue(identity, out var known)) known.LastSeen = now;
    }

    /// <summary>A destination's disk was replaced: its snapshots are gone.</summary>
    public void Forget(string identity)
    {
        if (!_known.Remove(identity, out var known)) return;
        foreach (var key in known.Entries.Keys.ToList()) Drop(known, key);
    }

    /// <summary>A part of a connected destination's catalogue arrived; returns whether the next one is to be requested
    /// at once. An impossible part, or one that brings nothing new, changes nothing.</summary>
    public bool Take(string identity, CataloguePage page)
    {
        if (page.WhyNot is not null || !_known.TryGetValue(identity, out var known)) return false;
        var before = known.UpTo;
        if (!page.IsFirst && page.UpTo <= before) return false;
        if (page.IsFirst || before == 0) Begin(known);
        foreach (var gone in page.Removed) Drop(known, new Key(gone.Snapshot, gone.Origin));
        foreach (var entry in page.Entries) Put(known, entry);
        (known.UpTo, known.Count, known.IsWhole) = (page.UpTo, page.Count, page.UpTo == page.Version);
        // What begins again and again is asked for once a second.
        return !known.IsWhole && !(page.IsFirst && before > 0);
    }

    /// <summary>Destinations of which only the newest snapshots are known.</summary>
    public IReadOnlyList<NodeName> OnlyNewest => [.. _known.Values.Where(one => one.UpTo == 0).Select(one => one.Name)];

    /// <summary>How many snapshots of destinations are left out because there is no room for them.</summary>
    public long LeftOut =>
        _known.Values.Where(one => one.IsWhole).Sum(one => Math.Max(0L, one.Count - one.Entries.Count));

    /// <summary>Snapshots and their holders, by greatest id first; a part of at most that many, and where the next part
    /// begins.</summary>
    /// <param name="origin">Only those of that origin; null: all.</param>
    /// <param name="after">Only those after that one; null: from the first.</param>
    /// <param name="most">So many.</param>
    public IReadOnlyList<HeldByAll> List(NodeName? origin, CatalogueCursor? after, int most)
    {
        return [.. After(after).Where(key => origin is null || key.Origin == origin).Take(most).Select(Held)];
    }

    private IEnumerable<Key> After(CatalogueCursor? cursor)
    {
        if (cursor is null) return _keys;
        var key = new Key(cursor.Snapshot, cursor.Origin);
        return _keys.Count == 0 || _keys.Max.CompareTo(key) <= 0
            ? [] : _keys.GetViewBetween(key, _keys.Max).Where(one => one != key);
    }

    private HeldByAll Held(Key key)
    {
        var holders = _holders[key].OrderBy(one => one.Name.ToString(), StringComparer.Ordinal);
        return new HeldByAll(key.Origin, key.Snapshot, [.. holders.Select(one => one.HoldingOf(key))]);
    }

    private Known Of(string identity, NodeName name)
    {
        if (!_known.TryGetValue(identity, out var known))
        {
            // <summary>Its growth per second at <paramref name="now"/>; null if unknown, or if nothing grows.</summary>
            if (_known.Count >= Remembered.Most
                && _known.Where(one => one.Value.LastSeen is not null).MinBy(one => one.Value.LastSeen).Key is { } gone)
                Forget(gone);
            _known[identity] = known = new Known(identity);
        }
        known.Name = name;
        return known;
    }

    // It says the same each second.
    private void SetNewest(Known known, IReadOnlyList<HeldSnapshot> newest, IReadOnlyList<OlderSnapshot> older)
    {
        if (known.Newest.SequenceEqual(newest) && known.Older.SequenceEqual(older)) return;
        (known.Newest, known.Older) = (newest, older);
        Clear(known);
        foreach (var one in older)
            Put(known, new CatalogueEntry(one.Origin, one.Snapshot, null, new CatalogueTree(), Verified: one.Verified));
        foreach (var one in newest) Put(known, CatalogueEntry.Of(one));
    }

    private void Begin(Known known)
    {
        Clear(known);
        (known.UpTo, known.IsWhole, known.Newest, known.Older) = (0, false, [], []);
    }

    private void Clear(Known known)
    {
        foreach (var key in known.Entries.Keys.ToList()) Drop(known, key);
    }

    private void Put(Known known, CatalogueEntry entry)
    {
        var key = new Key(entry.Snapshot, entry.Origin);
        if (known.Keys.Add(key))
        {
            _count++;
            if (!_holders.TryGetValue(key, out var holders)) _holders[key] = holders = [];
            holders.Add(known);
            _keys.Add(key);
        }
        known.Entries[key] = entry;
        if (known.Entries.Count > _mostOfOne) Drop(known, known.Keys.Max);
        while (_count > _most)
        {
            var oldest = _keys.Max;
            foreach (var one in _holders[oldest].ToList()) Drop(one, oldest);
        }
    }

    private void Drop(Known known, Key key)
    {
        if (!known.Entries.Remove(key)) return;
        _count--;
        known.Keys.Remove(key);
        var holders = _holders[key];
        holders.Remove(known);
        if (holders.Count > 0) return;
        _holders.Remove(key);
        _keys.Remove(key);
    }

    private sealed class Known(string identity)
    {
        public NodeName Name { get; set; }

        public DateTimeOffset? LastSeen { get; set; }

        public long UpTo { get; set; }

        public int Count { get; set; }

        public bool IsWhole { get; set; }

        public IReadOnlyList<HeldSnapshot> Newest { get; set; } = [];

        public IReadOnlyList<OlderSnapshot> Older { get; set; } = [];

        public Dictionary<Key, CatalogueEntry> Entries { get; } = [];

        public SortedSet<Key> Keys { get; } = [];

        public CatalogueHolding HoldingOf(Key key) => new(identity, Name, LastSeen, Entries[key]);
    }

    /// <summary>The greatest id comes first.</summary>
    private readonly record struct Key(SnapshotId Snapshot, NodeName Origin) : IComparable<Key>
    {
        public int CompareTo(Key other) => other.Snapshot.CompareTo(Snapshot) is not 0 and var order
            ? order : string.CompareOrdinal(Origin.ToString(), other.Origin.ToString());
    }
}

/// <summary>Where a part of a list of snapshots ends: the next one comes after that.</summary>
public sealed record CatalogueCursor(SnapshotId Snapshot, NodeName Origin);

/// <summary>A destination that has, or had when it was connected, a snapshot.</summary>
/// <param name="LastSeen">When it was connected last; null: it is.</param>
public sealed record CatalogueHolding(
    string Identity, NodeName Destination, DateTimeOffset? LastSeen, CatalogueEntry Entry);

/// <summary>All that hold a snapshot of an origin's name and an id, whatever they hold under these.</summary>
public sealed record HeldByAll(NodeName Origin, SnapshotId Snapshot, IReadOnlyList<CatalogueHolding> Holdings);
