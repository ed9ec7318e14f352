namespace BackupDistribuido.Core.Coordination;

/// <summary>
/// When something that failed is tried again: after a first pause, and each time that it fails again after twice as
/// long, up to a longest one. Times are those of any clock that only goes forward. For one thread.
/// </summary>
/// <param name="first">The pause after a first failure.</param>
/// <param name="longest">The longest pause. After this time without a failure, counted from the end of the pause, the
/// first pause is used again.</param>
/// <param name="most">Most keys that are remembered; of more, the one goes whose pause ends first.</param>
public sealed class Backoff<TKey>(TimeSpan first, TimeSpan longest, int most)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (TimeSpan Pause, TimeSpan Until)> _failed = [];

    /// <summary>It failed at that time. Gives the pause after which it is tried again.</summary>
    public TimeSpan Failed(TKey key, TimeSpan now)
    {
        var isAgain = _failed.TryGetValue(key, out var before) && now - before.Until < longest;
        // Several say the same of one failure.
        if (isAgain && now < before.Until) return before.Until - now;
        if (_failed.Count >= most && !_failed.ContainsKey(key))
            _failed.Remove(_failed.MinBy(one => one.Value.Until).Key);
        var pause = !isAgain ? first : before.Pause * 2 < longest ? before.Pause * 2 : longest;
        _failed[key] = (pause, now + pause);
        return pause;
    }

    /// <summary>Whether it is to be left alone at that time.</summary>
    public bool Holds(TKey key, TimeSpan now) => _failed.TryGetValue(key, out var known) && now < known.Until;

    /// <summary>It worked: a later failure is a first one.</summary>
    public void Succeeded(TKey key) => _failed.Remove(key);
}
