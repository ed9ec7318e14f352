using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Catalogue;

/// <summary>A part of a catalogue: the changes from one number to another.</summary>
/// <param name="IsFirst">It is the first part: earlier knowledge is void.</param>
/// <param name="UpTo">It has all that changed up to that number; the next part is asked for after it.</param>
/// <param name="Version">The number of the last change: where it is <paramref name="UpTo"/>, this was the last
/// part.</param>
/// <param name="Count">Snapshots in the whole catalogue.</param>
/// <param name="Entries">Snapshots that are there, at most <see cref="SnapshotCatalogue.MostInPage"/> with
/// those that went.</param>
/// <param name="Removed">Snapshots that went.</param>
public sealed record CataloguePage(
    bool IsFirst, long UpTo, long Version, int Count, IReadOnlyList<CatalogueEntry> Entries,
    IReadOnlyList<RemovedSnapshot> Removed)
{
    /// <summary>What is wrong with a part from another machine; null: nothing.</summary>
    public string? WhyNot =>
        UpTo < 1 || UpTo > Version || Count < 0 ? "its numbers are not in order"
        : Entries.Count + Removed.Count > SnapshotCatalogue.MostInPage ? "it is too long"
        : Entries.Any(one => one.Tree.Entries < 1 || one.Tree.Files < 0 || one.Tree.Bytes < 0 || one.Missing < 0)
            ? "a snapshot has no entries, or a negative size"
        : Entries.Any(one => one.OriginIdentity is { } text
            && (text.Length > RegistrationRules.MaxPlace || PathText.Display(text) != text))
            ? "an origin's identity is too long or not printable" : null;
}

/// <summary>A snapshot that is in a catalogue no more.</summary>
public sealed record RemovedSnapshot(NodeName Origin, SnapshotId Snapshot);

/// <summary>
/// All published snapshots of a destination, of all its origins. Each change has a number, so that a coordinator that
/// knows the catalogue up to one number asks only for later changes, in parts of bounded size. Memory: an entry per
/// snapshot, and a number for each of the last <see cref="MostRemoved"/> removals. For one thread at a time.
/// </summary>
public sealed class SnapshotCatalogue
{
    /// <summary>Most snapshots in a part.</summary>
    public const int MostInPage = 200;

    /// <summary>Most characters of origins' identities in a part, where it has more than one snapshot.</summary>
    public const int MostCharacters = 64 * 1024;

    /// <summary>So many snapshots that went are remembered; with more all numbers are given again.</summary>
    public const int MostRemoved = 10_000;

    private readonly Dictionary<(NodeName, SnapshotId), (long Number, CatalogueEntry? Entry)> _last = [];
    private readonly Dictionary<long, (NodeName Origin, SnapshotId Snapshot)> _of = [];
    private readonly SortedSet<long> _numbers = [];
    private long _begun;
    private int _removed;

    /// <summary>An empty one.</summary>
    /// <param name="begun">Its changes have greater numbers: as great as those of an earlier life never were, as
    /// milliseconds since 1970.</param>
    public SnapshotCatalogue(long begun)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(begun);
        _begun = Version = begun;
    }

    /// <summary>The number of the last change.</summary>
    public long Version { get; private set; }

    /// <summary>How many snapshots there are.</summary>
    public int Count => _last.Count - _removed;

    /// <summary>The entry of a snapshot; null where it is not there.</summary>
    public CatalogueEntry? Find(NodeName origin, SnapshotId id) => _last.GetValueOrDefault((origin, id)).Entry;

    /// <summary>A snapshot is there, or has changed. A known state is not a change.</summary>
    public void Put(CatalogueEntry entry)
    {
        if (Find(entry.Origin, entry.Snapshot) != entry) Note((entry.Origin, entry.Snapshot), entry);
    }

    /// <summary>A snapshot went.</summary>
    public void Remove(NodeName origin, SnapshotId id)
    {
        if (Find(origin, id) is not null) Note((origin, id), null);
    }

    /// <summary>The changes after that number, or the first of them; everything, from the beginning, if the number is
    /// not of this catalogue.</summary>
    public CataloguePage After(long number)
    {
        var isFirst = number < _begun || number > Version;
        var (upTo, characters) = (isFirst ? _begun : number, 0);
        var (entries, removed) = (new List<CatalogueEntry>(), new List<RemovedSnapshot>());
        foreach (var next in upTo < Version ? _numbers.GetViewBetween(upTo + 1, Version) : [])
        {
            var key = _of[next];
            var entry = _last[key].Entry;
            characters += entry?.OriginIdentity?.Length ?? 0;
            var count = entries.Count + removed.Count;
            if (count == MostInPage || (count > 0 && characters > MostCharacters))
                return new CataloguePage(isFirst, upTo, Version, Count, entries, removed);
            if (entry is null) removed.Add(new RemovedSnapshot(key.Origin, key.Snapshot));
            else entries.Add(entry);
            upTo = next;
        }
        return new CataloguePage(isFirst, Version, Version, Count, entries, removed);
    }

    private void Note((NodeName Origin, SnapshotId Snapshot) key, CatalogueEntry? entry)
    {
        if (_last.TryGetValue(key, out var before))
        {
            _numbers.Remove(before.Number);
            _of.Remove(before.Number);
            if (before.Entry is null) _removed--;
        }
        _last[key] = (++Version, entry);
        _of[Version] = key;
        _numbers.Add(Version);
        if (entry is null && ++_removed > MostRemoved) BeginAgain();
    }

    private void BeginAgain()
    {
        var kept = _numbers.Select(number => _last[_of[number]].Entry).OfType<CatalogueEntry>().ToList();
        _last.Clear();
        _of.Clear();
        _numbers.Clear();
        (_begun, _removed) = (Version, 0);
        foreach (var entry in kept) Note((entry.Origin, entry.Snapshot), entry);
    }
}
