using System.Net;

namespace BackupDistribuido.Web.Access;

/// <summary>
/// How often an address may guess the password: one guess at a time, and after some wrong ones with growing pauses.
/// Only the guessing address is slowed down. Bounded in memory; safe from any thread.
/// </summary>
internal sealed class PasswordThrottle(TimeProvider clock)
{
    /// <summary>So many wrong ones have no pause but that of their answer: people mistype.</summary>
    public const int Free = 5;

    /// <summary>Most addresses that are remembered; where more come the one that was heard of longest ago is
    /// forgotten.</summary>
    public const int MostAddresses = 4096;

    /// <summary>The longest pause, and how long after it an address is forgotten.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, State> _byAddress = [];

    /// <summary>An address wants to guess. False: not now, but after <paramref name="wait"/>; true: it does, until
    /// <see cref="End"/>.</summary>
    public bool TryBegin(IPAddress from, out TimeSpan wait)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var state = _byAddress.GetValueOrDefault(from);
            if (now - state.Until > LongestPause && !state.IsGuessing) state = default;
            wait = state.Until > now ? state.Until - now : state.IsGuessing ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero) return false;
            if (_byAddress.Count >= MostAddresses && !_byAddress.ContainsKey(from))
                _byAddress.Remove(_byAddress.MinBy(one => one.Value.Until).Key);
            _byAddress[from] = state with { IsGuessing = true, Until = now };
            return true;
        }
    }

    /// <summary>It has guessed.</summary>
    public void End(IPAddress from, bool wasRight)
    {
        lock (_gate)
        {
            if (wasRight || !_byAddress.TryGetValue(from, out var state))
            {
                _byAddress.Remove(from);
                return;
            }
            var wrong = Math.Min(state.Wrong + 1, 100);
            var pause = wrong <= Free
                ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, wrong - Free), LongestPause.TotalSeconds));
            _byAddress[from] = new State(wrong, clock.GetUtcNow() + pause, IsGuessing: false);
        }
    }

    private readonly record struct State(int Wrong, DateTimeOffset Until, bool IsGuessing);
}
