namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Why an entry is not in the snapshot.
/// What each says is in the resource files, under its code.
/// </summary>
public static class OmissionReason
{
    public static Reason Unreadable { get; } = Reason.Of("omission.unreadable");

    public static Reason Vanished { get; } = Reason.Of("omission.vanished");

    public static Reason Changed { get; } = Reason.Of("omission.changed");

    public static Reason PathTooLong { get; } = Reason.Of("omission.path-too-long");
}
