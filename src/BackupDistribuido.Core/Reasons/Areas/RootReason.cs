namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Problems of ROOT: its file system, its folders, its staging and replicas. The resource files have the texts, under
/// the codes.
/// </summary>
public static class RootReason
{
    public static Reason InSource { get; } = Reason.Of("root.in-source");

    public static Reason HasSource(ReasonValue origin) => Reason.Of("root.has-source", ("origin", origin));

    public static Reason FileTooLarge(long limit, long largest) =>
        Reason.Of("root.file-too-large", ("limit", limit), ("largest", largest));

    public static Reason TooFewBytes(long free, long needed) =>
        Reason.Of("root.too-few-bytes", ("free", free), ("needed", needed));

    public static Reason TooFewInodes(long free, long needed) =>
        Reason.Of("root.too-few-inodes", ("free", free), ("needed", needed));

    public static Reason TooLittleSpace(long free, long needed) =>
        Reason.Of("root.too-little-space", ("free", free), ("needed", needed));

    public static Reason CantHold(ReasonValue root, string kinds) =>
        Reason.Of("root.cant-hold", ("root", root), ("kinds", kinds));

    public static Reason FoldsCase(ReasonValue root) => Reason.Of("root.folds-case", ("root", root));

    public static Reason LimitsFiles(ReasonValue root, long limit) =>
        Reason.Of("root.limits-files", ("root", root), ("limit", limit));

    public static Reason OneOnSourceDisk(ReasonValue name) => Reason.Of("root.one-on-source-disk", ("name", name));

    public static Reason SeveralOnSourceDisk(ReasonValue names) =>
        Reason.Of("root.several-on-source-disk", ("names", names));

    public static Reason OnOneDisk(ReasonValue names) => Reason.Of("root.on-one-disk", ("names", names));

    public static Reason LatestIsForeign(ReasonValue path, ReasonValue target) =>
        Reason.Of("root.latest-is-foreign", ("path", path), ("target", target));

    public static Reason LosesSnapshots(ReasonValue folder) => Reason.Of("root.loses-snapshots", ("folder", folder));

    public static Reason SeveralFileSystems(ReasonValue folder, ReasonValue root, ReasonValue mount) =>
        Reason.Of("root.several-file-systems", ("folder", folder), ("root", root), ("mount", mount));

    public static Reason NoPath { get; } = Reason.Of("root.no-path");

    public static Reason NotWritable(Reason why) => Reason.Of("root.not-writable", ("why", why));

    public static Reason NotUsable(Reason why) => Reason.Of("root.not-usable", ("why", why));

    public static Reason NotAFolder(ReasonValue root) => Reason.Of("root.not-a-folder", ("root", root));

    public static Reason Missing(ReasonValue root, ReasonValue parent) =>
        Reason.Of("root.missing", ("root", root), ("parent", parent));

    public static Reason DanglingLink(ReasonValue root) => Reason.Of("root.dangling-link", ("root", root));

    public static Reason NotMounted(ReasonValue root) => Reason.Of("root.not-mounted", ("root", root));

    public static Reason ForeignState(ReasonValue root) => Reason.Of("root.foreign-state", ("root", root));

    public static Reason NotEmpty(ReasonValue root) => Reason.Of("root.not-empty", ("root", root));

    public static Reason InUse(ReasonValue root) => Reason.Of("root.in-use", ("root", root));

    public static Reason InUseBy(ReasonValue root, ReasonValue process) =>
        Reason.Of("root.in-use-by", ("root", root), ("process", process));

    public static Reason OriginNotAFolder(ReasonValue folder) =>
        Reason.Of("root.origin-not-a-folder", ("folder", folder));

    public static Reason OtherOrigin(ReasonValue folder, ReasonValue owner, ReasonValue identity) =>
        Reason.Of("root.other-origin", ("folder", folder), ("owner", owner), ("identity", identity));

    public static Reason OriginNotEmpty(ReasonValue folder) => Reason.Of("root.origin-not-empty", ("folder", folder));

    public static Reason SnapshotNotRemoved(ReasonValue snapshot, Reason why) =>
        Reason.Of("root.snapshot-not-removed", ("snapshot", snapshot), ("why", why));

    public static Reason RestNotRemoved(ReasonValue snapshot, Reason why) =>
        Reason.Of("root.rest-not-removed", ("snapshot", snapshot), ("why", why));

    public static Reason ManifestNotRemoved(Reason why) => Reason.Of("root.manifest-not-removed", ("why", why));

    public static Reason StrayManifestNotRemoved(Reason why) =>
        Reason.Of("root.stray-manifest-not-removed", ("why", why));

    public static Reason StrayManifests(ReasonValue folder, long count, ReasonValue newest) =>
        Reason.Of("root.stray-manifests", ("folder", folder), ("count", count), ("newest", newest));

    public static Reason StagingStays(ReasonValue folder, Reason why) =>
        Reason.Of("root.staging-stays", ("folder", folder), ("why", why));

    public static Reason StillNotRemoved(Reason why) => Reason.Of("root.still-not-removed", ("why", why));

    public static Reason LeftoverNotRemoved(ReasonValue origin, Reason why) =>
        Reason.Of("root.leftover-not-removed", ("origin", origin), ("why", why));

    public static Reason PublishingNotFinished(ReasonValue snapshot, Reason why) =>
        Reason.Of("root.publishing-not-finished", ("snapshot", snapshot), ("why", why));

    public static Reason KeptForNames(ReasonValue snapshot, ReasonValue origin, long keep) =>
        Reason.Of("root.kept-for-names", ("snapshot", snapshot), ("origin", origin), ("keep", keep));

    public static Reason KeptForEntries(ReasonValue snapshot, ReasonValue origin, long keep) =>
        Reason.Of("root.kept-for-entries", ("snapshot", snapshot), ("origin", origin), ("keep", keep));

    public static Reason SomethingMounted(ReasonValue path) => Reason.Of("root.something-mounted", ("path", path));

    public static Reason StagingNotRead(Reason why) => Reason.Of("root.staging-not-read", ("why", why));

    public static Reason CleaningFailed(Reason why) => Reason.Of("root.cleaning-failed", ("why", why));

    public static Reason StagingRemoved(ReasonValue origin, ReasonValue snapshot, long size) =>
        Reason.Of("root.staging-removed", ("origin", origin), ("snapshot", snapshot), ("size", size));

    public static Reason MoreLeft(long count) => Reason.Of("root.more-left", ("count", count));

    public static Reason ChangesNames(ReasonValue root) => Reason.Of("root.changes-names", ("root", root));

    public static Reason StoredAsOther(ReasonValue path) => Reason.Of("root.stored-as-other", ("path", path));
}
