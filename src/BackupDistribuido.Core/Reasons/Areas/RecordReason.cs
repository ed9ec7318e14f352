namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>Problems of a coordinator's record. The resource files have the texts, under the codes.</summary>
public static class RecordReason
{
    public static Reason Off { get; } = Reason.Of("record.off");

    public static Reason ReplicaMissing(
        ReasonValue origin, ReasonValue snapshot, ReasonValue destination, Reason why) =>
        Reason.Of("record.replica-missing",
            ("origin", origin), ("snapshot", snapshot), ("destination", destination), ("why", why));

    public static Reason NoAnswer(TimeSpan silent) => Reason.Of("record.no-answer", ("silent", silent));

    public static Reason NotWrittenNow(Reason why) => Reason.Of("record.not-written-now", ("why", why));

    public static Reason SetAside(ReasonValue file, Reason why, ReasonValue aside) =>
        Reason.Of("record.set-aside", ("file", file), ("why", why), ("aside", aside));

    public static Reason NotDurable(ReasonValue name) => Reason.Of("record.not-durable", ("name", name));

    public static Reason Full { get; } = Reason.Of("record.full");

    public static Reason Closed { get; } = Reason.Of("record.closed");

    public static Reason NotRead(Reason why) => Reason.Of("record.not-read", ("why", why));

    public static Reason NotWritten(Reason why) => Reason.Of("record.not-written", ("why", why));

    public static Reason InUse(ReasonValue place) => Reason.Of("record.in-use", ("place", place));

    public static Reason NotOpened(ReasonValue name, Reason why) =>
        Reason.Of("record.not-opened", ("name", name), ("why", why));

    public static Reason NotUsable(ReasonValue name, Reason why) =>
        Reason.Of("record.not-usable", ("name", name), ("why", why));

    public static Reason NotWritable(ReasonValue folder) => Reason.Of("record.not-writable", ("folder", folder));

    public static Reason NoLibrary { get; } = Reason.Of("record.no-library");

    public static Reason NewerVersion(ReasonValue place, long version, long known) =>
        Reason.Of("record.newer-version", ("place", place), ("version", version), ("known", known));

    public static Reason NoHost { get; } = Reason.Of("record.no-host");

    public static Reason BadConnection(Reason why) => Reason.Of("record.bad-connection", ("why", why));

    public static Reason At(ReasonValue place, Reason why) => Reason.Of("record.at", ("place", place), ("why", why));
}
