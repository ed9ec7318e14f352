using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Actors.Destination.Holding;

/// <summary>
/// The catalogue of all snapshots of a destination: read from the disk once, in the background, and updated with what
/// is published, found and removed. Safe from any thread.
/// </summary>
internal sealed class HeldCatalogue
{
    private readonly Lock _gate = new();

    // A life begins with greater numbers than any before it has come to.
    private readonly SnapshotCatalogue _catalogue = new(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    private readonly HashSet<(NodeName Origin, SnapshotId Snapshot)> _removedMeanwhile = [];
    private bool _isRead;

    /// <summary>The number of its last change; null: it is still being read.</summary>
    public long? Version
    {
        get
        {
            lock (_gate) return _isRead ? _catalogue.Version : null;
        }
    }

    /// <summary>A part of it.</summary>
    public CataloguePage After(long number)
    {
        lock (_gate) return _catalogue.After(number);
    }

    /// <summary>Everything that was on the disk when it was read; later changes take precedence.</summary>
    public void Read(IEnumerable<CatalogueEntry> onDisk)
    {
        lock (_gate)
        {
            foreach (var entry in onDisk)
            {
                if (!_removedMeanwhile.Contains((entry.Origin, entry.Snapshot))) Set(entry);
            }
            _removedMeanwhile.Clear();
            _isRead = true;
        }
    }

    /// <summary>A snapshot was published.</summary>
    public void Published(CatalogueEntry entry)
    {
        lock (_gate)
        {
            _removedMeanwhile.Remove((entry.Origin, entry.Snapshot));
            _catalogue.Put(entry);
        }
    }

    /// <summary>The disk's data about a present snapshot. Findings in it are kept.</summary>
    public void Known(CatalogueEntry entry)
    {
        lock (_gate)
        {
            if (_catalogue.Find(entry.Origin, entry.Snapshot) is not null) Set(entry);
        }
    }

    /// <summary>A snapshot was read again, or found damaged by whatever it was read for, or is gone.</summary>
    public void Found(NodeName origin, SnapshotId id, Verification found)
    {
        lock (_gate)
        {
            if (_catalogue.Find(origin, id) is { } known) _catalogue.Put(known with { Verified = found });
        }
    }

    /// <summary>Snapshots were removed.</summary>
    public void Removed(NodeName origin, IEnumerable<SnapshotId> ids)
    {
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (!_isRead) _removedMeanwhile.Add((origin, id));
                _catalogue.Remove(origin, id);
            }
        }
    }

    private void Set(CatalogueEntry entry) => _catalogue.Put(entry with
    {
        Verified = _catalogue.Find(entry.Origin, entry.Snapshot)?.Verified ?? entry.Verified,
    });
}
