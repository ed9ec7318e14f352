namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// How a data link fails, and why one is refused.
/// What each says is in the resource files, under its code.
/// </summary>
public static class LinkReason
{
    public static Reason Outdated(long files) => Reason.Of("link.outdated", ("files", files));

    public static Reason DamagedFiles(ReasonValue path, long more) =>
        Reason.Of("link.damaged-files", ("path", path), ("more", more));

    public static Reason DamagedFile(ReasonValue path) => Reason.Of("link.damaged-file", ("path", path));

    public static Reason Spoiled(long files) => Reason.Of("link.spoiled", ("files", files));

    public static Reason Lost(ReasonValue address, Reason why) =>
        Reason.Of("link.lost", ("address", address), ("why", why));

    public static Reason Unreached(ReasonValue address, Reason why) =>
        Reason.Of("link.unreached", ("address", address), ("why", why));

    public static Reason NoAnswer(ReasonValue address, TimeSpan within) =>
        Reason.Of("link.no-answer", ("address", address), ("within", within));

    public static Reason AskedTooMuch(ReasonValue address) => Reason.Of("link.asked-too-much", ("address", address));

    public static Reason TookNothing(ReasonValue address, TimeSpan silent) =>
        Reason.Of("link.took-nothing", ("address", address), ("silent", silent));

    public static Reason ChildTookNothing(ReasonValue child, TimeSpan silent) =>
        Reason.Of("link.child-took-nothing", ("child", child), ("silent", silent));

    public static Reason SaidNothing(ReasonValue address, TimeSpan silent) =>
        Reason.Of("link.said-nothing", ("address", address), ("silent", silent));

    public static Reason NeedsUnknown(ReasonValue child, TimeSpan silent) =>
        Reason.Of("link.needs-unknown", ("child", child), ("silent", silent));

    public static Reason NotStored(ReasonValue child, TimeSpan since) =>
        Reason.Of("link.not-stored", ("child", child), ("since", since));

    public static Reason NotDialled(ReasonValue child, TimeSpan within) =>
        Reason.Of("link.not-dialled", ("child", child), ("within", within));

    public static Reason NeitherAccepts(ReasonValue child, ReasonValue parent) =>
        Reason.Of("link.neither-accepts", ("child", child), ("parent", parent));

    public static Reason NotOurs(ReasonValue address, Reason why) =>
        Reason.Of("link.not-ours", ("address", address), ("why", why));

    public static Reason ClosedForKey(ReasonValue address, Reason why) =>
        Reason.Of("link.closed-for-key", ("address", address), ("why", why));

    public static Reason Closed(ReasonValue address, Reason why) =>
        Reason.Of("link.closed", ("address", address), ("why", why));

    public static Reason PlainHere { get; } = Reason.Of("link.plain-here");

    public static Reason TlsHere { get; } = Reason.Of("link.tls-here");

    public static Reason HandshakeFailed(Reason why) => Reason.Of("link.handshake-failed", ("why", why));

    public static Reason Busy { get; } = Reason.Of("link.busy");

    public static Reason Truncated { get; } = Reason.Of("link.truncated");

    public static Reason NotWanted { get; } = Reason.Of("link.not-wanted");

    public static Reason NobodyLeft { get; } = Reason.Of("link.nobody-left");

    public static Reason NobodyReached { get; } = Reason.Of("link.nobody-reached");

    public static Reason ChildWantsNoMore(ReasonValue child) => Reason.Of("link.child-wants-no-more", ("child", child));

    public static Reason ChildStopped(ReasonValue child) => Reason.Of("link.child-stopped", ("child", child));

    public static Reason Stopped { get; } = Reason.Of("link.stopped");

    public static Reason GivenUp { get; } = Reason.Of("link.given-up");

    public static Reason NoRun { get; } = Reason.Of("link.no-run");

    public static Reason RunOver { get; } = Reason.Of("link.run-over");

    public static Reason OtherEpoch { get; } = Reason.Of("link.other-epoch");

    public static Reason EpochOrWhole(ReasonValue epoch) => Reason.Of("link.epoch-or-whole", ("epoch", epoch));

    public static Reason EpochOpen(ReasonValue epoch) => Reason.Of("link.epoch-open", ("epoch", epoch));

    public static Reason OtherPlan { get; } = Reason.Of("link.other-plan");

    public static Reason OtherSecret { get; } = Reason.Of("link.other-secret");

    public static Reason OtherVersion { get; } = Reason.Of("link.other-version");

    public static Reason NotPlanned { get; } = Reason.Of("link.not-planned");

    public static Reason OriginTakesNothing { get; } = Reason.Of("link.origin-takes-nothing");

    public static Reason Refused(ReasonValue address, Reason why) =>
        Reason.Of("link.refused", ("address", address), ("why", why));

    public static Reason Leaving { get; } = Reason.Of("link.leaving");

    public static Reason NotGreeted(TimeSpan within) => Reason.Of("link.not-greeted", ("within", within));

    public static Reason NotThatNode(ReasonValue address, ReasonValue name, Reason why) =>
        Reason.Of("link.not-that-node", ("address", address), ("name", name), ("why", why));

    public static Reason PushedOut { get; } = Reason.Of("link.pushed-out");

    public static Reason NotWaiting(ReasonValue parent) => Reason.Of("link.not-waiting", ("parent", parent));

    public static Reason ParentAskedTooMuch(ReasonValue parent) =>
        Reason.Of("link.parent-asked-too-much", ("parent", parent));

    public static Reason PlainThere { get; } = Reason.Of("link.plain-there");

    public static Reason Cut { get; } = Reason.Of("link.cut");

    public static Reason NobodyListens { get; } = Reason.Of("link.nobody-listens");

    public static Reason ChildSilent(ReasonValue child, TimeSpan within) =>
        Reason.Of("link.child-silent", ("child", child), ("within", within));
}
