using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>The targets of a coordinator's notices, and the events for them.</summary>
/// <param name="Webhook">Gets each as the body of a POST; null: none does.</param>
/// <param name="Command">A program and its arguments, started for each; empty: none is.</param>
/// <param name="Kinds">Which events.</param>
/// <param name="MaxAge">From what age on a protected snapshot is too old; null: it never is.</param>
/// <param name="Timeout">How long one attempt may take.</param>
/// <param name="Attempts">How often one is tried, at least once.</param>
public sealed record NoticeSettings(Uri? Webhook, IReadOnlyList<string> Command, IReadOnlySet<NoticeKind> Kinds,
    TimeSpan? MaxAge, TimeSpan Timeout, int Attempts);
