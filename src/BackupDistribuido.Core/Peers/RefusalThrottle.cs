namespace BackupDistribuido.Core.Peers;

/// <summary>
/// Which refusals of strangers are logged: the same one of each address once in a <see cref="Period"/>, and few
/// different ones, so that repeated attempts don't fill the log. Times are those of any clock that only goes forward.
/// For one thread at a time.
/// </summary>
public sealed class RefusalThrottle
{
    /// <summary>Time before the same refusal is logged again.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Most different ones of one address in that time.</summary>
    public const int MostOfOne = 8;

    /// <summary>Maximum number of addresses with logged refusals in that time.</summary>
    public const int MostAddresses = 64;

    private readonly Dictionary<string, (TimeSpan Begun, HashSet<string> Said)> _addresses =
        new(StringComparer.Ordinal);

    /// <summary>Whether to log at that time that this address was refused for that reason; then it counts as
    /// logged.</summary>
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
