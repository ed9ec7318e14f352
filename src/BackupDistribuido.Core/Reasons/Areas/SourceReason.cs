namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Problems of SOURCE: the tree, and single entries of it. The resource files have the texts, under the codes.
/// </summary>
public static class SourceReason
{
    public static Reason EmptyAgainstSnapshot(ReasonValue snapshot, long entries) =>
        Reason.Of("source.empty-against-snapshot", ("snapshot", snapshot), ("entries", entries));

    public static Reason EmptyAgainstRun(long entries) => Reason.Of("source.empty-against-run", ("entries", entries));

    public static Reason EmptyTree { get; } = Reason.Of("source.empty-tree");

    public static Reason NoContent(ReasonValue snapshot, long bytes) =>
        Reason.Of("source.no-content", ("snapshot", snapshot), ("bytes", bytes));

    public static Reason ShrunkAgainstSnapshot(long entries, ReasonValue snapshot, long held, long percent) =>
        Reason.Of("source.shrunk-against-snapshot",
            ("entries", entries), ("snapshot", snapshot), ("held", held), ("percent", percent));

    public static Reason Unmounted(ReasonValue folder, long missing, long entries) =>
        Reason.Of("source.unmounted", ("folder", folder), ("missing", missing), ("entries", entries));

    public static Reason FolderEmptied(ReasonValue folder, long missing, long entries) =>
        Reason.Of("source.folder-emptied", ("folder", folder), ("missing", missing), ("entries", entries));

    public static Reason ShrunkAgainstRun(long entries, long before, long percent) =>
        Reason.Of("source.shrunk-against-run", ("entries", entries), ("before", before), ("percent", percent));

    public static Reason Shortage(Reason why) => Reason.Of("source.shortage", ("why", why));

    public static Reason ManifestNotWritten(Reason why) => Reason.Of("source.manifest-not-written", ("why", why));

    public static Reason NotRead(Reason why) => Reason.Of("source.not-read", ("why", why));

    public static Reason NotAFolder(ReasonValue source) => Reason.Of("source.not-a-folder", ("source", source));

    public static Reason Missing(ReasonValue source) => Reason.Of("source.missing", ("source", source));

    public static Reason NoPath { get; } = Reason.Of("source.no-path");

    public static Reason PathMissing(ReasonValue source) => Reason.Of("source.path-missing", ("source", source));

    public static Reason PathNotAFolder(ReasonValue source) =>
        Reason.Of("source.path-not-a-folder", ("source", source));

    public static Reason NotReadable(ReasonValue source) => Reason.Of("source.not-readable", ("source", source));

    public static Reason NotOpened(Reason why) => Reason.Of("source.not-opened", ("why", why));

    public static Reason ManifestNotBegun(Reason why) => Reason.Of("source.manifest-not-begun", ("why", why));

    public static Reason MemoryNotWritten(Reason why) => Reason.Of("source.memory-not-written", ("why", why));

    public static Reason AttributesLost(ReasonValue path) => Reason.Of("source.attributes-lost", ("path", path));

    public static Reason SomeAttributesLost(ReasonValue path, ReasonValue names, long max) =>
        Reason.Of("source.some-attributes-lost", ("path", path), ("names", names), ("max", max));

    public static Reason FileGrew(ReasonValue path, long bytes) =>
        Reason.Of("source.file-grew", ("path", path), ("bytes", bytes));

    public static Reason ListedTwice(ReasonValue path) => Reason.Of("source.listed-twice", ("path", path));

    public static Reason Leased(ReasonValue path, TimeSpan within) =>
        Reason.Of("source.leased", ("path", path), ("within", within));

    public static Reason FileNotOpened(ReasonValue path, Reason why) =>
        Reason.Of("source.file-not-opened", ("path", path), ("why", why));

    public static Reason OtherContentRead(ReasonValue path) => Reason.Of("source.other-content-read", ("path", path));

    public static Reason OtherContent(ReasonValue path) => Reason.Of("source.other-content", ("path", path));

    public static Reason MemoryDamaged(ReasonValue file) => Reason.Of("source.memory-damaged", ("file", file));

    public static Reason WrittenTo(ReasonValue path) => Reason.Of("source.written-to", ("path", path));
}
