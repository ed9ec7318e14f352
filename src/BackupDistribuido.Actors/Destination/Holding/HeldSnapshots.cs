using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Replicas;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// The newest snapshot of each origin at a destination, and the results of re-reading older ones: read from the disk
/// once, updated with what is published, found and removed. Safe from any thread.
/// </summary>
internal sealed class HeldSnapshots
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeName, HeldSnapshot> _newest = [];
    private readonly Dictionary<(NodeName Origin, SnapshotId Snapshot), Verification> _older = [];

    private readonly Dictionary<(NodeName Origin, SnapshotId Snapshot), Verification.Damaged> _silent = [];

    private readonly List<(NodeName Origin, SnapshotId Snapshot)> _unsure = [];

    /// <summary>
    /// Newest snapshots that were present at the start, were never re-read, and follow a damaged one: they may have
    /// taken damage over, and are not copies until they have been read.
    /// </summary>
    public IReadOnlyList<(NodeName Origin, SnapshotId Snapshot)> Unsure => _unsure;

    /// <summary>The catalogue of all snapshots.</summary>
    public HeldCatalogue Catalogue { get; } = new();

    /// <summary>The snapshots of a ROOT.</summary>
    public HeldSnapshots(DestinationRoot root)
    {
        foreach (var (origin, stored) in StoredSnapshots.Newest(root))
            _newest[origin] = Of(origin, stored.Id, stored.Seal, root.OwnerOf(origin), root.RequiredBy(origin),
                stored.Verified, stored.Arrived, stored.Missing);
        foreach (var origin in StoredSnapshots.All(root).GroupBy(one => one.Origin, one => one.Snapshot))
        {
            foreach (var stored in origin.Where(stored => stored.Verified is not null
                && !IsNewest(origin.Key, stored.Id))) _older[(origin.Key, stored.Id)] = stored.Verified!;
            if (!_newest.TryGetValue(origin.Key, out var newest) || newest.Verified is not null) continue;
            var order = new SnapshotOrder(DateTimeOffset.UtcNow);
            if (order.Newest(origin.Select(one => one.Id).Where(id => id != newest.Snapshot)) is { } before
                && Known(origin.Key, before) is Verification.Damaged damaged
                && !(StoredSnapshots.OldestReadOf(root, origin.Key, newest.Snapshot) > damaged.Time))
            {
                _unsure.Add((origin.Key, newest.Snapshot));
                _newest[origin.Key] = newest with { Verified = damaged };
            }
        }
    }

    /// <summary>A published snapshot as reported to others.</summary>
    public static HeldSnapshot Of(NodeName origin, SnapshotId id, ManifestSeal? seal, string? originIdentity,
        int? required, Verification? verified = null, DateTimeOffset? arrived = null, long? missing = null) =>
        new(origin, id, seal?.Entries, seal?.Bytes, seal?.Digest, originIdentity, verified, required)
        {
            Arrived = arrived,
            Missing = missing,
        };

    /// <summary>A snapshot was published.</summary>
    public void Add(HeldSnapshot published)
    {
        lock (_gate)
        {
            // The marking of snapshots that share a wrong file may have seen it before.
            if (_older.Remove((published.Origin, published.Snapshot), out var marked))
                published = published with { Verified = published.Verified ?? marked };
            Catalogue.Published(CatalogueEntry.Of(published));
            if (_newest.TryGetValue(published.Origin, out var known))
            {
                if (SnapshotOrder.Upon(published.Snapshot).Compare(known.Snapshot, published.Snapshot) > 0) return;
                if (known is { Verified: { } found, IsGone: false } && known.Snapshot != published.Snapshot)
                    _older[(known.Origin, known.Snapshot)] = found;
            }
            _newest[published.Origin] = published;
        }
    }

    /// <summary>Whether the newest snapshot of an origin was found damaged.</summary>
    public bool IsDamaged(NodeName origin)
    {
        lock (_gate) return _newest.TryGetValue(origin, out var known) && known.IsDamaged;
    }

    /// <summary>Whether nothing newer of that origin was published.</summary>
    public bool IsNewest(NodeName origin, SnapshotId id)
    {
        lock (_gate) return _newest.TryGetValue(origin, out var known) && known.Snapshot == id;
    }

    /// <summary>A snapshot was read again, or found damaged by whatever it was read for.</summary>
    public void Verified(NodeName origin, SnapshotId id, Verification found)
    {
        lock (_gate)
        {
            if (_newest.TryGetValue(origin, out var known) && known.Snapshot == id)
                _newest[origin] = known with { Verified = found, IsGone = false };
            else _older[(origin, id)] = found;
            Catalogue.Found(origin, id, found);
        }
    }

    /// <summary>The result of re-reading a snapshot; null: none.</summary>
    public Verification? Known(NodeName origin, SnapshotId id)
    {
        lock (_gate)
            return _newest.TryGetValue(origin, out var known) && known.Snapshot == id
                ? known.Verified : _older.GetValueOrDefault((origin, id));
    }

    /// <summary>
    /// Replaces <paramref name="before"/>, the known result for a snapshot. False if another result is known by now:
    /// that one stays.
    /// </summary>
    public bool TryReplace(NodeName origin, SnapshotId id, Verification found, Verification? before)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(Known(origin, id), before)) return false;
            Verified(origin, id, found);
            return true;
        }
    }

    /// <summary>The newest snapshot of an origin is not there any more: it is damaged, and can be sent again. False
    /// where that was known.</summary>
    public bool Gone(NodeName origin, SnapshotId id, Verification.Damaged found)
    {
        lock (_gate)
        {
            if (!_newest.TryGetValue(origin, out var known) || known.Snapshot != id || known.IsGone) return false;
            _newest[origin] = known with { Verified = found, IsGone = true };
            Catalogue.Found(origin, id, found);
            return true;
        }
    }

    /// <summary>
    /// The disk of a snapshot has not answered since the time of <paramref name="said"/>: the snapshot is not a copy
    /// until this is called with null; it is not damaged. False if this was known.
    /// </summary>
    public bool Silent(NodeName origin, SnapshotId id, Verification.Damaged? said)
    {
        lock (_gate) return said is null ? _silent.Remove((origin, id)) : _silent.TryAdd((origin, id), said);
    }

    /// <summary>What is reported to others of <see cref="Newest"/>.</summary>
    public IReadOnlyList<HeldSnapshot> Announced(int most)
    {
        lock (_gate)
        {
            return [.. Newest(most).Select(one => !one.IsDamaged && _silent.TryGetValue((one.Origin, one.Snapshot),
                out var said) ? one with { Verified = said, IsSilent = true } : one)];
        }
    }

    /// <summary>Old snapshots were removed.</summary>
    public void Removed(NodeName origin, IEnumerable<SnapshotId> ids)
    {
        lock (_gate)
        {
            var gone = ids.ToList();
            foreach (var id in gone)
            {
                _older.Remove((origin, id));
                _silent.Remove((origin, id));
            }
            Catalogue.Removed(origin, gone);
        }
    }

    /// <summary>Everything that was on the disk when it was read for the catalogue.</summary>
    public void Read(IReadOnlyList<CatalogueEntry> onDisk)
    {
        lock (_gate)
        {
            Catalogue.Read(onDisk.Select(one =>
                one with { Verified = Known(one.Origin, one.Snapshot) ?? one.Verified }));
        }
    }

    /// <summary>At most so many, the newest first.</summary>
    public IReadOnlyList<HeldSnapshot> Newest(int most)
    {
        lock (_gate)
            return [.. _newest.Values.OrderByDescending(held => held.Snapshot, new SnapshotOrder(DateTimeOffset.UtcNow))
                .Take(most)];
    }

    /// <summary>Older ones that were read again: all that are damaged, at most <see cref="RegistrationRules.MaxHeld"/>,
    /// then the newest others, so that it is at most <see cref="RegistrationRules.UsualOlder"/>.</summary>
    public IReadOnlyList<OlderSnapshot> Older()
    {
        lock (_gate)
        {
            var all = _older.Select(one => new OlderSnapshot(one.Key.Origin, one.Key.Snapshot, one.Value))
                .OrderByDescending(one => one.Snapshot, new SnapshotOrder(DateTimeOffset.UtcNow)).ToList();
            var damaged =
                all.Where(one => one.Verified is Verification.Damaged).Take(RegistrationRules.MaxHeld).ToList();
            return [.. damaged,
                .. all.Where(one => one.Verified is not Verification.Damaged)
                    .Take(Math.Max(0, RegistrationRules.UsualOlder - damaged.Count))];
        }
    }
}
