namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>
/// Why a coordinator does not take a registration.
/// What each says is in the resource files, under its code.
/// </summary>
public static class RegistrationReason
{
    public static Reason OriginRefused(ReasonValue name, Reason why) =>
        Reason.Of("registration.origin-refused", ("name", name), ("why", why));

    public static Reason DestinationRefused(ReasonValue name, Reason why) =>
        Reason.Of("registration.destination-refused", ("name", name), ("why", why));

    public static Reason TooManySnapshots(long max) => Reason.Of("registration.too-many-snapshots", ("max", max));

    public static Reason TooManyRooms(long max) => Reason.Of("registration.too-many-rooms", ("max", max));

    public static Reason NegativeSpace { get; } = Reason.Of("registration.negative-space");

    public static Reason BadSnapshot { get; } = Reason.Of("registration.bad-snapshot");

    public static Reason NegativeStaging { get; } = Reason.Of("registration.negative-staging");

    public static Reason NoCopies { get; } = Reason.Of("registration.no-copies");

    public static Reason NegativeTree { get; } = Reason.Of("registration.negative-tree");

    public static Reason BadLoss { get; } = Reason.Of("registration.bad-loss");

    public static Reason TooLong(ReasonValue field, long max) =>
        Reason.Of("registration.too-long", ("field", field), ("max", max));

    public static Reason Unprintable(ReasonValue field) => Reason.Of("registration.unprintable", ("field", field));

    public static Reason OriginRunning(ReasonValue name) => Reason.Of("registration.origin-running", ("name", name));

    public static Reason DestinationRunning(ReasonValue name) =>
        Reason.Of("registration.destination-running", ("name", name));

    public static Reason OriginNameTaken(ReasonValue name) =>
        Reason.Of("registration.origin-name-taken", ("name", name));

    public static Reason DestinationNameTaken(ReasonValue name) =>
        Reason.Of("registration.destination-name-taken", ("name", name));

    public static Reason CertificateOfOther(ReasonValue name) =>
        Reason.Of("registration.certificate-of-other", ("name", name));

    public static Reason CertificateForOtherRole { get; } = Reason.Of("registration.certificate-for-other-role");

    public static Reason CertificateOfOtherIdentity { get; } = Reason.Of("registration.certificate-of-other-identity");
}
