using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>
/// The names in an origin's <c>staging</c>: snapshots that are being received, and what is being removed. What can't be
/// removed is reported and set aside under another name, so that it does no further harm: it is tried again, and
/// reported again, when something else is removed (<see cref="RemoveStuck"/>).
/// </summary>
internal sealed class StagingFolder(OriginFolder folder)
{
    /// <summary>The prefix of names that could not be removed; no id begins with it.</summary>
    public const string Stuck = ".stuck-";

    /// <summary>The names that were not set aside, sorted.</summary>
    /// <exception cref="PosixException">The folder can't be read.</exception>
    public IEnumerable<string> Names() => All().Where(name => !name.StartsWith(Stuck, StringComparison.Ordinal));

    /// <summary>The newest staged snapshot other than <paramref name="id"/>; null if there is none.</summary>
    public SnapshotId? Newest(SnapshotId id) => SnapshotOrder.Upon(id, DateTimeOffset.UtcNow)
        .Newest(Names().Select(name => SnapshotId.TryParse(name, out var staged) ? (SnapshotId?)staged : null)
            .OfType<SnapshotId>().Where(staged => staged != id));

    /// <summary>Removes a name with everything below it, or sets it aside and reports why. No error if it isn't
    /// there.</summary>
    /// <exception cref="PosixException">It can neither be removed nor set aside: it keeps its name.</exception>
    public void Remove(string name)
    {
        var removal = Removal.Of(folder.Staging, Encoding.UTF8.GetBytes(name), Shown(name));
        if (removal.IsWhole) return;
        folder.Warn(RootReason.StagingStays(folder.Path, removal.Why));
        var aside = Encoding.UTF8.GetBytes($"{Stuck}{name}");
        var errno = folder.Staging.RenameWithoutReplacing(Encoding.UTF8.GetBytes(name), folder.Staging, aside);
        if (errno == Errno.Exists)
            errno = folder.Staging.RenameWithoutReplacing(Encoding.UTF8.GetBytes(name), folder.Staging,
                Encoding.UTF8.GetBytes($"{Stuck}{name}-{Guid.NewGuid():N}"));
        if (errno != Errno.None) removal.OrThrow();
    }

    /// <summary>Removes all that is there and was not set aside.</summary>
    /// <exception cref="PosixException">Something can neither be removed nor set aside.</exception>
    public void RemoveAll()
    {
        foreach (var name in Names()) Remove(name);
    }

    /// <summary>Tries again to remove what was set aside, and reports what still can't be removed.</summary>
    /// <exception cref="PosixException">The folder can't be read.</exception>
    public void RemoveStuck()
    {
        foreach (var name in All().Where(name => name.StartsWith(Stuck, StringComparison.Ordinal)))
        {
            var removal = Removal.Of(folder.Staging, Encoding.UTF8.GetBytes(name), Shown(name));
            if (!removal.IsWhole) folder.Warn(RootReason.StillNotRemoved(removal.Why));
        }
    }

    private List<string> All() => Folders.Names(folder.Staging, $"{folder.Path}/staging");

    private string Shown(string name) => $"{folder.Path}/staging/{name}";
}
