namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// How a run goes, and why it ended.
/// What each says is in the resource files, under its code.
/// </summary>
public static class RunReason
{
    public static Reason Stalled(TimeSpan silent) => Reason.Of("run.stalled", ("silent", silent));

    public static Reason DiskHangs(TimeSpan silent) => Reason.Of("run.disk-hangs", ("silent", silent));

    public static Reason DiskHangsAtEnd(TimeSpan silent) => Reason.Of("run.disk-hangs-at-end", ("silent", silent));

    public static Reason Slow(long rate, long others) => Reason.Of("run.slow", ("rate", rate), ("others", others));

    public static Reason OriginAway { get; } = Reason.Of("run.origin-away");

    public static Reason OriginLeft { get; } = Reason.Of("run.origin-left");

    public static Reason OriginStartedAgain { get; } = Reason.Of("run.origin-started-again");

    public static Reason Superseded { get; } = Reason.Of("run.superseded");

    public static Reason NobodyReturned { get; } = Reason.Of("run.nobody-returned");

    public static Reason NobodyToCome { get; } = Reason.Of("run.nobody-to-come");

    public static Reason CoordinatorLost(ReasonValue coordinator, TimeSpan silent, ReasonValue snapshot) =>
        Reason.Of("run.coordinator-lost", ("coordinator", coordinator), ("silent", silent), ("snapshot", snapshot));

    public static Reason NoHolder { get; } = Reason.Of("run.no-holder");

    public static Reason DeliveryFailed { get; } = Reason.Of("run.delivery-failed");

    public static Reason TooFewDestinations(long eligible, long wanted, TimeSpan within) =>
        Reason.Of("run.too-few-destinations", ("eligible", eligible), ("wanted", wanted), ("within", within));

    public static Reason NothingMoves(TimeSpan silent) => Reason.Of("run.nothing-moves", ("silent", silent));

    public static Reason HolderFailed(ReasonValue holder, ReasonValue snapshot, ReasonValue origin, Reason why) =>
        Reason.Of("run.holder-failed", ("holder", holder), ("snapshot", snapshot), ("origin", origin), ("why", why));

    public static Reason Defect { get; } = Reason.Of("run.defect");

    public static Reason Times(Reason why, long times) => Reason.Of("run.times", ("why", why), ("times", times));

    public static Reason DestinationUnusable(ReasonValue root, Reason why) =>
        Reason.Of("run.destination-unusable", ("root", root), ("why", why));

    public static Reason NoDestination(Reason why) => Reason.Of("run.no-destination", ("why", why));

    public static Reason AtRoot(Reason why, ReasonValue root) => Reason.Of("run.at-root", ("why", why), ("root", root));

    public static Reason Over { get; } = Reason.Of("run.over");

    public static Reason NotDurable(TimeSpan waited) => Reason.Of("run.not-durable", ("waited", waited));

    public static Reason Crashes(long times) => Reason.Of("run.crashes", ("times", times));

    public static Reason CatchUpDefect(ReasonValue snapshot, ReasonValue origin, TimeSpan pause) =>
        Reason.Of("run.catch-up-defect", ("snapshot", snapshot), ("origin", origin), ("pause", pause));
}
