using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Retention;

/// <summary>Something in a destination's staging that is not being written.</summary>
/// <param name="Origin">Whose it is.</param>
/// <param name="Name">Its name in staging.</param>
/// <param name="IsResumable">A snapshot whose run may be resumed; anything else is useless.</param>
/// <param name="Bytes">Sum of its files' sizes.</param>
/// <param name="Inodes">Files, directories and links in it.</param>
/// <param name="LastUsed">When something was last written to it.</param>
public sealed record AbandonedItem(NodeName Origin, string Name, bool IsResumable, long Bytes, long Inodes,
    DateTimeOffset LastUsed);

/// <summary>How long staging is kept for a run that may be resumed, and how much of it.</summary>
/// <param name="MaxAge">Staging that was unused for longer is removed.</param>
/// <param name="MaxShare">Share of the file system, from 0 to 1, that all of it may take; the least recently used is
/// removed first.</param>
public sealed record StagingRule(TimeSpan MaxAge, double MaxShare)
{
    /// <summary>A week, and half of the disk.</summary>
    public static StagingRule Default { get; } = new(TimeSpan.FromDays(7), 0.5);

    /// <summary>Those that go now.</summary>
    /// <param name="leftovers">All of a destination's.</param>
    /// <param name="diskBytes">The size of its file system.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<AbandonedItem> Expired(IReadOnlyList<AbandonedItem> leftovers, long diskBytes,
        DateTimeOffset now)
    {
        var room = diskBytes * MaxShare;
        var gone = new List<AbandonedItem>();
        foreach (var leftover in leftovers.OrderByDescending(leftover => leftover.LastUsed))
        {
            if (!leftover.IsResumable || now - leftover.LastUsed > MaxAge || leftover.Bytes > room) gone.Add(leftover);
            else room -= leftover.Bytes;
        }
        return gone;
    }
}
