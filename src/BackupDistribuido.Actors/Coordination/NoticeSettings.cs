namespace BackupDistribuido.Actors.Coordination;

/// <summary>What events a coordinator tells to others than its owner.</summary>
public enum NoticeKind
{
    /// <summary>A run is over, however it ended.</summary>
    RunFinished,
    /// <summary>An origin's newest snapshot has had fewer copies than required for a while.</summary>
    AtRisk,
    /// <summary>A destination died, hung or was cut off, or a run goes on without it.</summary>
    DestinationLost,
    /// <summary>An origin's newest protected snapshot is older than it may be.</summary>
    TooOld,
    /// <summary>A snapshot has its required copies.</summary>
    Protected,
    /// <summary>A warning to the owner.</summary>
    Warning,
    /// <summary>A destination read a replica again, and it is damaged.</summary>
    Damaged,
}

/// <summary>Whom a coordinator tells of events, and of which.</summary>
/// <param name="Webhook">Gets each as the body of a POST; null: none does.</param>
/// <param name="Command">A program and its arguments, started for each; empty: none is.</param>
/// <param name="Kinds">Which events.</param>
/// <param name="MaxAge">From what age on a protected snapshot is too old; null: it never is.</param>
/// <param name="Timeout">How long one attempt may take.</param>
/// <param name="Attempts">How often one is tried, at least once.</param>
public sealed record NoticeSettings(Uri? Webhook, IReadOnlyList<string> Command, IReadOnlySet<NoticeKind> Kinds,
    TimeSpan? MaxAge, TimeSpan Timeout, int Attempts);
