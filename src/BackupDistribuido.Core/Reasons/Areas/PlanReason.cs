namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Why a plan has its shape.
/// What each says is in the resource files, under its code.
/// </summary>
public static class PlanReason
{
    public static Reason Paused { get; } = Reason.Of("plan.paused");

    public static Reason DialsForNoPort(ReasonValue name, ReasonValue parent) =>
        Reason.Of("plan.dials-for-no-port", ("name", name), ("parent", parent));

    public static Reason DialsUnreached(ReasonValue name, ReasonValue parent) =>
        Reason.Of("plan.dials-unreached", ("name", name), ("parent", parent));

    public static Reason DialsAfterFailure(ReasonValue name, ReasonValue parent, ReasonValue @from, Reason why) =>
        Reason.Of("plan.dials-after-failure", ("name", name), ("parent", parent), ("from", @from), ("why", why));

    public static Reason HangsElsewhere(ReasonValue name, ReasonValue parent, ReasonValue @from, Reason why) =>
        Reason.Of("plan.hangs-elsewhere", ("name", name), ("parent", parent), ("from", @from), ("why", why));

    public static Reason Apart(ReasonValue name, Reason why) => Reason.Of("plan.apart", ("name", name), ("why", why));

    public static Reason ForwardsToNobody(ReasonValue name) => Reason.Of("plan.forwards-to-nobody", ("name", name));

    public static Reason MoreMoved(long count) => Reason.Of("plan.more-moved", ("count", count));

    public static Reason StarAsked { get; } = Reason.Of("plan.star-asked");

    public static Reason ChainAsked { get; } = Reason.Of("plan.chain-asked");

    public static Reason RelayAsked { get; } = Reason.Of("plan.relay-asked");

    public static Reason NoRelayAtCoordinator { get; } = Reason.Of("plan.no-relay-at-coordinator");

    public static Reason NoRelayForName(ReasonValue name) => Reason.Of("plan.no-relay-for-name", ("name", name));

    public static Reason NoRelay(Reason why) => Reason.Of("plan.no-relay", ("why", why));

    public static Reason OneDestination { get; } = Reason.Of("plan.one-destination");

    public static Reason OneMachine { get; } = Reason.Of("plan.one-machine");

    public static Reason SendOnce { get; } = Reason.Of("plan.send-once");

    public static Reason Shape(ReasonValue shape, Reason why) =>
        Reason.Of("plan.shape", ("shape", shape), ("why", why));
}
