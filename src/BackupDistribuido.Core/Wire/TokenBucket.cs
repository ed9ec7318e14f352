using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Wire;

/// <summary>
/// Says when bytes may go, so that in no span of time more go than <paramref name="rate"/> allows and what has been
/// saved up in <see cref="Savings"/>. Whoever asks first goes first. No clock: times are given, from any beginning. For
/// one thread.
/// </summary>
public sealed class TokenBucket(Rate rate)
{
    /// <summary>So much time without use is saved up at most.</summary>
    public static readonly TimeSpan Savings = TimeSpan.FromMilliseconds(100);

    private TimeSpan _free = TimeSpan.MinValue;

    /// <summary>The rate.</summary>
    public Rate Rate => rate;

    /// <summary>Takes so many bytes' turn. Gives how long after <paramref name="now"/> they may go.</summary>
    public TimeSpan Take(int bytes, TimeSpan now)
    {
        var turn = _free > now - Savings ? _free : now - Savings;
        _free = turn + TimeSpan.FromTicks((long)((Int128)bytes * TimeSpan.TicksPerSecond / rate.BytesPerSecond));
        return turn > now ? turn - now : TimeSpan.Zero;
    }
}
