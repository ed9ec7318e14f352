namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// The way between a node and its coordinator.
/// What each says is in the resource files, under its code.
/// </summary>
public static class ControlReason
{
    public static Reason NotReachedWithin(ReasonValue coordinator, TimeSpan within) =>
        Reason.Of("control.not-reached-within", ("coordinator", coordinator), ("within", within));

    public static Reason NoAnswer { get; } = Reason.Of("control.no-answer");

    public static Reason Refused(Reason why) => Reason.Of("control.refused", ("why", why));

    public static Reason NotOurs { get; } = Reason.Of("control.not-ours");

    public static Reason OtherVersion { get; } = Reason.Of("control.other-version");

    public static Reason NoName { get; } = Reason.Of("control.no-name");

    public static Reason CoordinatorsName { get; } = Reason.Of("control.coordinators-name");

    public static Reason ClosedInGreeting { get; } = Reason.Of("control.closed-in-greeting");

    public static Reason ClosedSilently { get; } = Reason.Of("control.closed-silently");

    public static Reason KeyOnlyThere { get; } = Reason.Of("control.key-only-there");

    public static Reason KeyOnlyHere { get; } = Reason.Of("control.key-only-here");

    public static Reason OtherKey { get; } = Reason.Of("control.other-key");

    public static Reason NoCoordinator { get; } = Reason.Of("control.no-coordinator");

    public static Reason NotGreeted(TimeSpan within) => Reason.Of("control.not-greeted", ("within", within));

    public static Reason BrokenGreeting { get; } = Reason.Of("control.broken-greeting");

    public static Reason Stalled { get; } = Reason.Of("control.stalled");

    public static Reason NotReached(ReasonValue coordinator, Reason why) =>
        Reason.Of("control.not-reached", ("coordinator", coordinator), ("why", why));

    public static Reason NoAnswerWithin(TimeSpan within) => Reason.Of("control.no-answer-within", ("within", within));

    public static Reason LinkLocal(ReasonValue address) => Reason.Of("control.link-local", ("address", address));

    public static Reason OpenWithoutKey(ReasonValue address) =>
        Reason.Of("control.open-without-key", ("address", address));

    public static Reason NoWay(ReasonValue coordinator, Reason why) =>
        Reason.Of("control.no-way", ("coordinator", coordinator), ("why", why));

    public static Reason CantListen(ReasonValue address, Reason why) =>
        Reason.Of("control.cant-listen", ("address", address), ("why", why));

    public static Reason CantListenHere(ReasonValue address, Reason why) =>
        Reason.Of("control.cant-listen-here", ("address", address), ("why", why));

    public static Reason CantListenForPages(ReasonValue address, Reason why) =>
        Reason.Of("control.cant-listen-for-pages", ("address", address), ("why", why));

    public static Reason StartsAgain(Reason why) => Reason.Of("control.starts-again", ("why", why));

    public static Reason GivenUp { get; } = Reason.Of("control.given-up");

    public static Reason GaveUp { get; } = Reason.Of("control.gave-up");

    public static Reason CoordinatorSilent { get; } = Reason.Of("control.coordinator-silent");

    public static Reason Ended { get; } = Reason.Of("control.ended");

    public static Reason Stopping { get; } = Reason.Of("control.stopping");

    public static Reason TooMany { get; } = Reason.Of("control.too-many");

    public static Reason DialledAgain { get; } = Reason.Of("control.dialled-again");

    public static Reason OtherNodesName { get; } = Reason.Of("control.other-nodes-name");
}
