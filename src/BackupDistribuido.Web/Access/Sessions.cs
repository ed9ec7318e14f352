using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace BackupDistribuido.Web.Access;

/// <summary>
/// The sessions of the pages: browsers that have shown the token or the password once. Safe from any thread.
/// </summary>
internal sealed class Sessions(TimeProvider clock)
{
    /// <summary>Most at once; the one that was used longest ago goes.</summary>
    public const int Most = 256;

    /// <summary>An unused session ends after this time.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    /// <summary>The token in the printed address.</summary>
    public string Token { get; } = Random();

    /// <summary>Whether that is the token.</summary>
    public bool IsToken(string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Token));

    /// <summary>Begins one: its cookie's value.</summary>
    public string Begin()
    {
        while (_used.Count >= Most && _used.MinBy(one => one.Value).Key is { } oldest) _used.TryRemove(oldest, out _);
        var value = Random();
        _used[Key(value)] = clock.GetUtcNow();
        return value;
    }

    /// <summary>Whether that cookie's session is valid; if so, it is extended.</summary>
    public bool Has(string? cookie)
    {
        if (cookie is null || !_used.TryGetValue(Key(cookie), out var used)) return false;
        var now = clock.GetUtcNow();
        if (now - used <= Idle) return _used.TryUpdate(Key(cookie), now, used) || _used.ContainsKey(Key(cookie));
        _used.TryRemove(Key(cookie), out _);
        return false;
    }

    // A look-up by a digest takes no time that would tell how much of a guess was right.
    private static string Key(string value) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
