using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>What a registration may say: a coordinator keeps these texts for as long as a node lives, shows them to
/// people and sends them on to others.</summary>
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

    /// <summary>Most origins of which a destination says that they have room of their own.</summary>
    public const int MaxRooms = 64;

    /// <summary>What a destination's registration may not say; null where all of it is right.</summary>
    public static string? WhyNot(DestinationRegistration registration) =>
        WhyNot("identity", registration.Node.Identity, MaxPlace) ?? WhyNot("place", registration.Place, MaxPlace) ?? WhyNot("disk", registration.Disk, MaxDisk)
        ?? (registration.Newest.Count > MaxHeld || registration.Older is { Count: > MaxHeld } || registration.Leftovers is { Count: > MaxHeld } ? $"it names more than {MaxHeld} snapshots"
            : registration.Rooms is { Count: > MaxRooms } ? $"it says the room of more than {MaxRooms} origins"
            : registration.Rooms?.Any(room => room.FreeBytes < 0 || room.FreeInodes < 0) == true || registration.FreeBytes < 0 || registration.FreeInodes < 0 || registration.MaxFileBytes < 0 ? "its free space is negative"
            : registration.Newest.Any(held => held.Entries < 1 || held.Bytes < 0 || held.Required < 1) ? "it has a snapshot without entries, of a negative size, or that requires no copy"
            : registration.Newest.Select(held => WhyNot("origin's identity", held.OriginIdentity ?? "", MaxPlace)).FirstOrDefault(why => why is not null) is { } why ? why
            : registration.Leftovers?.Any(left => left.Bytes < 0 || left.Inodes < 0) == true ? "what it has staged has a negative size" : null);

    /// <summary>What an origin's registration may not say; null where all of it is right.</summary>
    public static string? WhyNot(OriginRegistration registration) =>
        WhyNot("identity", registration.Node.Identity, MaxPlace) ?? WhyNot("disk", registration.Disk, MaxDisk)
        ?? (registration.Required < 1 || registration.StartWith < 1 ? "it requires no copy" : registration.Totals is { Bytes: < 0 } || registration.Room < 0 || registration.LargestFile < 0 ? "its tree has a negative size"
            : registration.Refusal?.Length > MaxPlace ? $"its refusal has more than {MaxPlace} characters"
            : registration.MaxShrinkPercent is < 0 or > 100 ? "its share of entries that may be lost is no percentage" : null);

    private static string? WhyNot(string what, string text, int longest) =>
        text.Length > longest ? $"its {what} has more than {longest} characters"
        : PathText.Display(text) != text ? $"its {what} is not printable"
        : null;
}
