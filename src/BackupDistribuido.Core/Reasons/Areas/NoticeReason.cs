namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>Why a notice was not delivered. The resource files have the texts, under the codes.</summary>
public static class NoticeReason
{
    public static Reason Overflow(ReasonValue target, long waiting) =>
        Reason.Of("notice.overflow", ("target", target), ("waiting", waiting));

    public static Reason NotTold(ReasonValue target, ReasonValue @event, Reason why, long attempts) =>
        Reason.Of("notice.not-told", ("target", target), ("event", @event), ("why", why), ("attempts", attempts));

    public static Reason CoordinatorEnds { get; } = Reason.Of("notice.coordinator-ends");

    public static Reason Answered(long status) => Reason.Of("notice.answered", ("status", status));

    public static Reason ExitedSaying(long code, ReasonValue said) =>
        Reason.Of("notice.exited-saying", ("code", code), ("said", said));

    public static Reason Exited(long code) => Reason.Of("notice.exited", ("code", code));
}
