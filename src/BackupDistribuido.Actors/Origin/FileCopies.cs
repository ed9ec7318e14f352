using System.Collections;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Origin;

/// <summary>
/// Which files are verified at which destinations: one bit per file and destination, and a count per file. Ranges wait
/// until the origin's own record knows their entries, because a destination may be faster. Safe from any thread.
/// </summary>
internal sealed class FileCopies
{
    /// <summary>
    /// Maximum number of waiting ranges. Honest destinations are at most 16 pages ahead; more are not counted, because
    /// they are only for display.
    /// </summary>
    public const int MaxWaiting = 1_000_000;

    /// <summary>
    /// Maximum number of entries reported by one <see cref="Settle"/>: reports stay frequent, and memory does not grow
    /// with the tree.
    /// </summary>
    public const int MaxSettled = 65_536;

    private readonly Dictionary<NodeName, BitArray> _verified = [];
    private readonly Lock _gate = new();
    private readonly Queue<(NodeName Destination, EntryRange Range)> _waiting = new();
    private ushort[] _copies = new ushort[4096];

    /// <summary>A destination says that these files are verified.</summary>
    public void Add(NodeName destination, IEnumerable<EntryRange> ranges)
    {
        lock (_gate)
            foreach (var range in ranges.Where(range => range.First >= 0 && range.Last >= range.First
                && range.Last <= WireLimits.MaxEntry))
            {
                if (_waiting.Count >= MaxWaiting) return;
                _waiting.Enqueue((destination, range));
            }
    }

    /// <summary>Ranges whose entries are not known yet.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>
    /// The destination's replica is stored: this covers all entries that it has not reported one by one.
    /// </summary>
    public void AddAll(NodeName destination, long entries)
    {
        lock (_gate) if (entries > 0) _waiting.Enqueue((destination, new EntryRange(0, entries - 1)));
    }

    /// <summary>The destination is lost; its copies do not count.</summary>
    public void Remove(NodeName destination)
    {
        lock (_gate)
        {
            if (_verified.Remove(destination, out var lost))
            {
                for (var entry = 0; entry < lost.Length; entry++)
                {
                    if (lost[entry]) _copies[entry]--;
                }
            }
            for (var i = _waiting.Count; i > 0; i--)
            {
                if (_waiting.Dequeue() is var kept && kept.Destination != destination) _waiting.Enqueue(kept);
            }
        }
    }

    /// <summary>
    /// A copy of the state, by destination; it includes those of <paramref name="members"/> that have nothing yet.
    /// </summary>
    public IReadOnlyList<(NodeName Destination, BitArray Verified)> Copy(IEnumerable<NodeName> members)
    {
        lock (_gate)
        {
            return [.. members.Concat(_verified.Keys).Distinct()
                .OrderBy(name => name.ToString(), StringComparer.Ordinal)
                .Select(name =>
                    (name, _verified.TryGetValue(name, out var bits) ? new BitArray(bits) : new BitArray(0)))];
        }
    }

    /// <summary>
    /// Entries below <paramref name="known"/> whose copies have grown since the last call, with how many they are now;
    /// where it is as many as <see cref="MaxSettled"/>, more may be there. It takes time where there are many: it is
    /// not for an actor's thread.
    /// </summary>
    public IReadOnlyList<(long Entry, int Copies)> Settle(long known)
    {
        List<(long Entry, int Copies)> grown = [];
        lock (_gate)
        {
            for (var i = _waiting.Count; i > 0 && grown.Count < MaxSettled; i--)
            {
                var (destination, range) = _waiting.Dequeue();
                var entry = range.First;
                for (; entry <= Math.Min(range.Last, known - 1) && grown.Count < MaxSettled; entry++)
                {
                    if (Mark(destination, entry)) grown.Add((entry, ++_copies[entry]));
                }
                if (entry <= range.Last) _waiting.Enqueue((destination, range with { First = entry }));
            }
        }
        return grown;
    }

    private bool Mark(NodeName destination, long entry)
    {
        if (!_verified.TryGetValue(destination, out var bits)) _verified[destination] = bits = new BitArray(4096);
        var room = (int)Math.Max(entry + 1, Math.Min(2L * bits.Length, int.MaxValue));
        if (entry >= bits.Length) bits.Length = room;
        if (entry >= _copies.Length)
            Array.Resize(ref _copies, (int)Math.Max(entry + 1, Math.Min(2L * _copies.Length, Array.MaxLength)));
        if (bits[(int)entry]) return false;
        return bits[(int)entry] = true;
    }
}
