namespace BackupDistribuido.Core.Peers;

/// <summary>
/// Which refusals of strangers are said: of each address the same one once in a <see cref="Period"/>, and few different
/// ones, so that whoever tries again and again fills no log. Times are those of any clock that only goes forward. For
/// one thread at a time.
/// </summary>
public sealed class RefusalThrottle
{
    /// <summary>How long the same is not said again.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Most different ones of one address in that time.</summary>
    public const int MostOfOne = 8;

    /// <summary>Most addresses of which anything is said in that time.</summary>
    public const int MostAddresses = 64;

    private readonly Dictionary<string, (TimeSpan Begun, HashSet<string> Said)> _addresses =
        new(StringComparer.Ordinal);

    /// <summary>Whether it is to be said at that time that this address was refused for that; it counts as said
    /// then.</summary>
    public bool MaySay(string address, string why, TimeSpan now)
    {
        if (_addresses.TryGetValue(address, out var known) && now - known.Begun < Period)
            return known.Said.Count < MostOfOne && known.Said.Add(why);
        if (_addresses.Count >= MostAddresses)
        {
            foreach (var old in _addresses.Where(one => now - one.Value.Begun >= Period).ToList())
                _addresses.Remove(old.Key);
            if (_addresses.Count >= MostAddresses) return false;
        }
        _addresses[address] = (now, new HashSet<string>(StringComparer.Ordinal) { why });
        return true;
    }
}
