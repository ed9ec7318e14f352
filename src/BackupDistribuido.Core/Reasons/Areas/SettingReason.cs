namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Why a setting or a choice is not taken.
/// What each says is in the resource files, under its code.
/// </summary>
public static class SettingReason
{
    public static Reason FolderNotAllowed(ReasonValue folder) =>
        Reason.Of("setting.folder-not-allowed", ("folder", folder));

    public static Reason FolderNotShown(ReasonValue folder) =>
        Reason.Of("setting.folder-not-shown", ("folder", folder));

    public static Reason NotKept(ReasonValue file, Reason why) =>
        Reason.Of("setting.not-kept", ("file", file), ("why", why));

    public static Reason Confined(ReasonValue folder) => Reason.Of("setting.confined", ("folder", folder));

    public static Reason KeyAndInsecure(ReasonValue file) => Reason.Of("setting.key-and-insecure", ("file", file));

    public static Reason KeyMissing(ReasonValue file) => Reason.Of("setting.key-missing", ("file", file));

    public static Reason Open(ReasonValue setting) => Reason.Of("setting.open", ("setting", setting));

    public static Reason NameBeginsWithDot(ReasonValue name) =>
        Reason.Of("setting.name-begins-with-dot", ("name", name));

    public static Reason NameHasBadCharacter(ReasonValue name) =>
        Reason.Of("setting.name-has-bad-character", ("name", name));

    public static Reason NameTooLong(ReasonValue start, long max) =>
        Reason.Of("setting.name-too-long", ("start", start), ("max", max));

    public static Reason NameEmpty { get; } = Reason.Of("setting.name-empty");

    public static Reason BadHost(ReasonValue text) => Reason.Of("setting.bad-host", ("text", text));

    public static Reason BadPort(ReasonValue text) => Reason.Of("setting.bad-port", ("text", text));

    public static Reason NoSuchFile { get; } = Reason.Of("setting.no-such-file");

    public static Reason IsFolder { get; } = Reason.Of("setting.is-folder");

    public static Reason NotPermitted { get; } = Reason.Of("setting.not-permitted");

    public static Reason Invalid(ReasonValue where, Reason why, ReasonValue example) =>
        Reason.Of("setting.invalid", ("where", where), ("why", why), ("example", example));
}
