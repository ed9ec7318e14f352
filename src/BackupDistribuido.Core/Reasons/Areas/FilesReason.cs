namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Why files or runs are not shown.
/// What each says is in the resource files, under its code.
/// </summary>
public static class FilesReason
{
    public static Reason NoRun { get; } = Reason.Of("files.no-run");

    public static Reason RunOver { get; } = Reason.Of("files.run-over");

    public static Reason OtherRun { get; } = Reason.Of("files.other-run");

    public static Reason OnlyAtOrigin { get; } = Reason.Of("files.only-at-origin");

    public static Reason OnlyAtCoordinator { get; } = Reason.Of("files.only-at-coordinator");

    public static Reason OriginSilent { get; } = Reason.Of("files.origin-silent");

    public static Reason HolderSilent { get; } = Reason.Of("files.holder-silent");

    public static Reason NoHolder { get; } = Reason.Of("files.no-holder");

    public static Reason OtherBrings { get; } = Reason.Of("files.other-brings");

    public static Reason Busy { get; } = Reason.Of("files.busy");

    public static Reason ManifestNotRead(Reason why) => Reason.Of("files.manifest-not-read", ("why", why));
}
