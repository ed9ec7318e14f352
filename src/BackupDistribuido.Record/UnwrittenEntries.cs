using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Record;

/// <summary>
/// Entries that could not be recorded and must not be lost: for each origin, its wishes and the end of its last run,
/// the newest of each. Without them a failed run would be green after a restart. Safe from any thread.
/// </summary>
internal sealed class UnwrittenEntries
{
    /// <summary>Maximum number of origins; more are lost.</summary>
    public const int MaxOrigins = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, (long Turn, JournalEntry Entry)> _seen = [], _ran = [];
    private long _turn;

    /// <summary>A number above all before it.</summary>
    public long NextTurn() => Interlocked.Increment(ref _turn);

    /// <summary>That entry was not recorded.</summary>
    public void Keep(JournalEntry entry, long turn)
    {
        if (Place(entry) is not var (of, origin)) return;
        lock (_lock)
        {
            if (of.TryGetValue(origin, out var known) ? known.Turn < turn : of.Count < MaxOrigins)
                of[origin] = (turn, entry);
        }
    }

    /// <summary>That entry was recorded: neither it nor an older one of its kind is owed.</summary>
    public void Written(JournalEntry entry, long turn)
    {
        if (Place(entry) is not var (of, origin)) return;
        lock (_lock)
        {
            // It is recorded beside its origin, so without the origin it had no effect.
            if (entry is OriginRan && _seen.ContainsKey(origin)) _ran[origin] = (turn, entry);
            else if (of.TryGetValue(origin, out var known) && known.Turn <= turn) of.Remove(origin);
        }
    }

    /// <summary>
    /// At most this many owed entries: origins first, because the end of a run is recorded beside its origin.
    /// </summary>
    public IReadOnlyList<(JournalEntry Entry, long Turn)> Take(int most)
    {
        lock (_lock) return [.. _seen.Values.Concat(_ran.Values).Take(most).Select(one => (one.Entry, one.Turn))];
    }

    private (Dictionary<NodeName, (long Turn, JournalEntry Entry)> Of, NodeName Origin)? Place(JournalEntry entry) =>
        entry switch
        {
            OriginSeen seen => (_seen, seen.Origin),
            OriginRan ran => (_ran, ran.Origin),
            _ => null,
        };
}
