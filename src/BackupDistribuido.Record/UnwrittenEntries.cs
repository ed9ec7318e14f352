using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Record;

/// <summary>
/// What could not be put down and must not be lost: of each origin, what it wants and how its last run ended, the
/// newest of each. Without them what failed would be green after a new start. Any thread may use it.
/// </summary>
internal sealed class UnwrittenEntries
{
    /// <summary>Most origins that are remembered; what comes beyond is lost.</summary>
    public const int MaxOrigins = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeName, (long Turn, JournalEntry Entry)> _seen = [], _ran = [];
    private long _turn;

    /// <summary>A number above all before it.</summary>
    public long NextTurn() => Interlocked.Increment(ref _turn);

    /// <summary>That entry was not put down.</summary>
    public void Keep(JournalEntry entry, long turn)
    {
        if (Place(entry) is not var (of, origin)) return;
        lock (_lock)
        {
            if (of.TryGetValue(origin, out var known) ? known.Turn < turn : of.Count < MaxOrigins)
                of[origin] = (turn, entry);
        }
    }

    /// <summary>That entry was put down: neither it nor an older one of its kind is owed.</summary>
    public void Written(JournalEntry entry, long turn)
    {
        if (Place(entry) is not var (of, origin)) return;
        lock (_lock)
        {
            // Beside an origin that is not there it was put down in vain.
            if (entry is OriginRan && _seen.ContainsKey(origin)) _ran[origin] = (turn, entry);
            else if (of.TryGetValue(origin, out var known) && known.Turn <= turn) of.Remove(origin);
        }
    }

    /// <summary>At most so many that are owed: origins first, for how a run ended is put down beside its
    /// origin.</summary>
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
