namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>Why a member is gone, or has changed. The resource files have the texts, under the codes.</summary>
public static class MemberReason
{
    public static Reason Left { get; } = Reason.Of("member.left");

    public static Reason Ended { get; } = Reason.Of("member.ended");

    public static Reason Silent { get; } = Reason.Of("member.silent");

    public static Reason StartedAgain { get; } = Reason.Of("member.started-again");

    public static Reason Renamed(ReasonValue name) => Reason.Of("member.renamed", ("name", name));

    public static Reason NotReady(TimeSpan within) => Reason.Of("member.not-ready", ("within", within));

    public static Reason NotResuming(TimeSpan silent) => Reason.Of("member.not-resuming", ("silent", silent));

    public static Reason Twins(ReasonValue here, ReasonValue there) =>
        Reason.Of("member.twins", ("here", here), ("there", there));

    public static Reason NotCounting(Reason why) => Reason.Of("member.not-counting", ("why", why));

    public static Reason OtherFolder(ReasonValue name) => Reason.Of("member.other-folder", ("name", name));

    public static Reason NotAble(Reason why) => Reason.Of("member.not-able", ("why", why));

    public static Reason Unable(ReasonValue name, Reason why) =>
        Reason.Of("member.unable", ("name", name), ("why", why));

    public static Reason NotReadyInTime { get; } = Reason.Of("member.not-ready-in-time");
}
