using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>Collects the numbers of verified files as ranges until they are fetched. Safe from any thread.</summary>
internal sealed class VerifiedFiles
{
    private readonly Lock _gate = new();
    private readonly List<EntryRange> _ranges = [];
    private EntryRange? _last;
    private long _bytes;

    /// <summary>Content bytes of all files that were added.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds a file of so many bytes. Numbers mostly grow, so that a range is mostly made longer.</summary>
    public void Add(long number, long size)
    {
        lock (_gate)
        {
            _bytes += size;
            if (_last is { } last && number == last.Last + 1) _last = last with { Last = number };
            else
            {
                if (_last is not null) _ranges.Add(_last);
                _last = new EntryRange(number, number);
            }
        }
    }

    /// <summary>Takes out as many ranges as a message holds, the oldest first.</summary>
    public IReadOnlyList<EntryRange> Take()
    {
        lock (_gate)
        {
            if (_last is not null && _ranges.Count < FilesVerified.MaxRanges)
            {
                _ranges.Add(_last);
                _last = null;
            }
            var taken = _ranges.Take(FilesVerified.MaxRanges).ToList();
            _ranges.RemoveRange(0, taken.Count);
            return taken;
        }
    }
}
