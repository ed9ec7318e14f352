using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Membership;

/// <summary>Limits of a registration: a coordinator keeps these texts for as long as a node lives, shows them to users
/// and sends them on to others.</summary>
public static class RegistrationRules
{
    /// <summary>Most characters of an identity or a place: a machine's name and a path of 4,096 bytes, percent-encoded,
    /// with room to spare.</summary>
    public const int MaxPlace = 16_384;

    /// <summary>Most characters of a disk's name.</summary>
    public const int MaxDisk = 256;

    /// <summary>Most origins of which a destination names its newest snapshot.</summary>
    public const int MaxHeld = 256;

    /// <summary>Of so many older snapshots it says what reading them again has found, where no more are
    /// damaged.</summary>
    public const int UsualOlder = 64;

    /// <summary>Maximum number of origins with separate free space per destination.</summary>
    public const int MaxRooms = 64;

    /// <summary>What is invalid in a destination's registration; null if nothing is.</summary>
    public static Reason? WhyNot(DestinationRegistration registration) =>
        WhyNot("identity", registration.Node.Identity, MaxPlace) ?? WhyNot("place", registration.Place, MaxPlace)
            ?? WhyNot("disk", registration.Disk, MaxDisk)
        ?? (registration.Newest.Count > MaxHeld || registration.Older is { Count: > MaxHeld }
            || registration.Leftovers is { Count: > MaxHeld } ? RegistrationReason.TooManySnapshots(MaxHeld)
            : registration.Rooms is { Count: > MaxRooms } ? RegistrationReason.TooManyRooms(MaxRooms)
            : registration.Rooms?.Any(room => room.FreeBytes < 0 || room.FreeInodes < 0) == true
            || registration.FreeBytes < 0 || registration.FreeInodes < 0 || registration.MaxFileBytes < 0
            ? RegistrationReason.NegativeSpace
            : registration.Newest.Any(held => held.Entries < 1 || held.Bytes < 0 || held.Required < 1)
            ? RegistrationReason.BadSnapshot
            : registration.Newest.Select(held => WhyNot("origin's identity", held.OriginIdentity ?? "", MaxPlace))
            .FirstOrDefault(why => why is not null) is { } why ? why
            : registration.Leftovers?.Any(left => left.Bytes < 0 || left.Inodes < 0) == true
            ? RegistrationReason.NegativeStaging : null);

    /// <summary>What an origin's registration may not say; null where all of it is right.</summary>
    public static Reason? WhyNot(OriginRegistration registration) =>
        WhyNot("identity", registration.Node.Identity, MaxPlace) ?? WhyNot("disk", registration.Disk, MaxDisk)
        ?? (registration.Required < 1 || registration.StartWith < 1
            ? RegistrationReason.NoCopies
            : registration.Totals is { Bytes: < 0 } || registration.Room < 0 || registration.LargestFile < 0
            ? RegistrationReason.NegativeTree
            : registration.Refusal?.Encode().Length > MaxPlace ? RegistrationReason.TooLong("refusal", MaxPlace)
            : registration.MaxShrinkPercent is < 0 or > 100 ? RegistrationReason.BadLoss : null);

    private static Reason? WhyNot(string what, string text, int longest) =>
        text.Length > longest ? RegistrationReason.TooLong(what, longest)
        : PathText.Display(text) != text ? RegistrationReason.Unprintable(what)
        : null;
}
