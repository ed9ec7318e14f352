namespace BackupDistribuido.Streams.Framing;

/// <summary>
/// How long a link may give no byte while bytes are waited for. <paramref name="Runs"/> says whether the other side
/// owes any just now (null: always); while it does not, the clock stands at zero. It is asked on the stream's thread
/// and must not block.
/// </summary>
public sealed record SilenceDeadline(TimeSpan Limit, Func<bool>? Runs = null);
