namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// The state of a replica at its destination.
/// What each says is in the resource files, under its code.
/// </summary>
public static class ReplicaReason
{
    public static Reason Damaged { get; } = Reason.Of("replica.damaged");

    public static Reason OtherTree { get; } = Reason.Of("replica.other-tree");

    public static Reason SealUnknown(TimeSpan waited) => Reason.Of("replica.seal-unknown", ("waited", waited));

    public static Reason OtherManifest { get; } = Reason.Of("replica.other-manifest");

    public static Reason Without(string kinds) => Reason.Of("replica.without", ("kinds", kinds));

    public static Reason DifferentTrees(long trees, ReasonValue snapshot, ReasonValue origin, ReasonValue where) =>
        Reason.Of("replica.different-trees",
            ("trees", trees), ("snapshot", snapshot), ("origin", origin), ("where", where));

    public static Reason FromTheFuture(ReasonValue snapshot, ReasonValue origin, ReasonValue where) =>
        Reason.Of("replica.from-the-future", ("snapshot", snapshot), ("origin", origin), ("where", where));

    public static Reason CantHold(ReasonValue origin, string kinds) =>
        Reason.Of("replica.cant-hold", ("origin", origin), ("kinds", kinds));

    public static Reason NameMissing(ReasonValue origin, Reason why) =>
        Reason.Of("replica.name-missing", ("origin", origin), ("why", why));

    public static Reason MoreMissing(ReasonValue origin, ReasonValue list) =>
        Reason.Of("replica.more-missing", ("origin", origin), ("list", list));

    public static Reason ReadAgain { get; } = Reason.Of("replica.read-again");

    public static Reason ManifestBeginsAgain(ReasonValue origin, ReasonValue snapshot, Reason why) =>
        Reason.Of("replica.manifest-begins-again", ("origin", origin), ("snapshot", snapshot), ("why", why));

    public static Reason NotVerified(ReasonValue what, Reason why) =>
        Reason.Of("replica.not-verified", ("what", what), ("why", why));

    public static Reason NotListed(ReasonValue root, Reason why) =>
        Reason.Of("replica.not-listed", ("root", root), ("why", why));

    public static Reason FindingNotKept(ReasonValue what, Reason why) =>
        Reason.Of("replica.finding-not-kept", ("what", what), ("why", why));

    public static Reason CleaningFailed(ReasonValue origin, Reason why) =>
        Reason.Of("replica.cleaning-failed", ("origin", origin), ("why", why));

    public static Reason Failed(ReasonValue origin, ReasonValue snapshot, Reason why) =>
        Reason.Of("replica.failed", ("origin", origin), ("snapshot", snapshot), ("why", why));

    public static Reason Gone { get; } = Reason.Of("replica.gone");

    public static Reason DamagedHere(ReasonValue folder) => Reason.Of("replica.damaged-here", ("folder", folder));

    public static Reason NotReadBy(ReasonValue holder, Reason why) =>
        Reason.Of("replica.not-read-by", ("holder", holder), ("why", why));

    public static Reason FileDamagedAt(ReasonValue holder, ReasonValue path) =>
        Reason.Of("replica.file-damaged-at", ("holder", holder), ("path", path));

    public static Reason ManifestWrongAgain(Reason why) => Reason.Of("replica.manifest-wrong-again", ("why", why));

    public static Reason NotOffered(ReasonValue what) => Reason.Of("replica.not-offered", ("what", what));

    public static Reason NotAnswering(ReasonValue root, ReasonValue what) =>
        Reason.Of("replica.not-answering", ("root", root), ("what", what));
}
