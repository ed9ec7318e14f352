namespace BackupDistribuido.Core.Membership;

/// <summary>When an origin's copying starts: pure arithmetic over what origin and destinations say of themselves.</summary>
public static class StartCondition
{
    /// <summary>Why a destination can't take the origin's tree, or null where it can.</summary>
    public static string? WhyNotEligible(OriginRegistration origin, DestinationRegistration destination)
    {
        if (WhyOverlapping(origin.Node.Identity, destination.Place, origin.Node.Name) is { } overlap) return overlap;
        return origin.Totals is { } totals && destination.FreeBytes < totals.Bytes
            ? $"{destination.FreeBytes} bytes free, {totals.Bytes} needed"
            : null;
    }

    /// <summary>Why copies of <paramref name="source"/> can't go below <paramref name="root"/>, two places in one form; null where they can.</summary>
    public static string? WhyOverlapping(string source, string root, NodeName origin)
    {
        var copies = $"{root.TrimEnd('/')}/{origin}";
        return IsWithin(copies, source) ? "its ROOT lies in SOURCE"
            : IsWithin(source, copies) ? $"SOURCE lies in its ROOT/{origin}"
            : null;
    }

    private static bool IsWithin(string inner, string outer) => inner == outer || inner.StartsWith(outer.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>Whether copying starts with so many eligible destinations; <paramref name="newest"/> is the newest of its snapshots that any connected destination has.</summary>
    public static bool IsMet(OriginRegistration origin, int eligible, HeldSnapshot? newest) =>
        origin.Totals is { } totals && ShrinkGuard.WhyStopped(totals, origin.MaxShrinkPercent, newest) is null && eligible > 0 && eligible >= (origin.WaitIsOver ? Math.Min(origin.StartWith, origin.Required) : origin.Required);
}
