using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Status;

/// <summary>How it stands with an origin, in one word; from the best to the worst.</summary>
public enum Standing
{
    /// <summary>Its newest snapshot is stored as often as required, and its last run did not fail.</summary>
    Protected,
    /// <summary>The same, and no copy of it is connected.</summary>
    Offline,
    /// <summary>The same, and one more copy, which is not required, is damaged.</summary>
    Damaged,
    /// <summary>The same, and entries of its tree are not in the snapshot, or not in each copy of it.</summary>
    Incomplete,
    /// <summary>It is not, and is being copied.</summary>
    Copying,
    /// <summary>The number of required copies, or the end of its last run, is unknown.</summary>
    Unknown,
    /// <summary>No run of it was ever begun.</summary>
    NeverRan,
    /// <summary>Its newest snapshot has fewer copies than required, or no destination has the one that its last run
    /// protected.</summary>
    AtRisk,
    /// <summary>Its last run stored nothing, whatever older snapshots there are.</summary>
    Failed,
    /// <summary>Its tree was not copied: it had lost too much.</summary>
    Refused,
}

/// <summary>The colour of a <see cref="Standing"/>.</summary>
public enum Light
{
    /// <summary>All is well.</summary>
    Green,
    /// <summary>A run is under way.</summary>
    Blue,
    /// <summary>It is not known, or something should be looked at.</summary>
    Amber,
    /// <summary>It is not well.</summary>
    Red,
}

/// <summary>Why it stands so with an origin. The figures are in <see cref="OriginStanding"/>.</summary>
public enum StandingReason
{
    /// <summary>The last run was at risk.</summary>
    LastRunAtRisk,
    /// <summary>The last run failed.</summary>
    LastRunFailed,
    /// <summary>The last run's end is not known.</summary>
    LastRunUnknown,
    /// <summary>The tree was not copied.</summary>
    LastRunRefused,
    /// <summary>The last run protected a snapshot that is newer than all that anybody is known to have.</summary>
    LastSnapshotLost,
    /// <summary>No destination is known to have a snapshot.</summary>
    NoSnapshot,
    /// <summary>The newest snapshot has too few copies.</summary>
    TooFewCopies,
    /// <summary>It is not known how many copies are required.</summary>
    RequiredUnknown,
    /// <summary>Copies of the newest snapshot are damaged.</summary>
    DamagedCopies,
    /// <summary>No copy of the newest snapshot is connected.</summary>
    AllOffline,
    /// <summary>Copies of the newest snapshot share a disk, and go with it.</summary>
    SharedDisk,
    /// <summary>Entries of the tree are not in the newest snapshot.</summary>
    EntriesSkipped,
    /// <summary>A copy of the newest snapshot lacks entries of it.</summary>
    EntriesMissing,
    /// <summary>There is a snapshot that was stored as often as required, and it is not the one that the last run
    /// should have brought.</summary>
    OlderIsProtected,
    /// <summary>A run is copying.</summary>
    RunCopying,
    /// <summary>A run waits for destinations.</summary>
    RunWaiting,
    /// <summary>A run is paused by its owner.</summary>
    RunPaused,
}

/// <summary>
/// How it stands with one origin, and why. Headline, exit codes, JSON, metrics and colours of pages are all derived
/// from this, so that they say the same.
/// </summary>
/// <param name="Newest">Its newest snapshot; null: no destination is known to have one.</param>
/// <param name="Last">The end of its last run; null: there was none, or it is unknown.</param>
/// <param name="Run">Its run that is under way, or null.</param>
/// <param name="Required">How many copies protect it; null: unknown.</param>
/// <param name="Reasons">The reasons, the most important first; empty if there are none.</param>
public sealed record OriginStanding(
    NodeName Origin, Standing Standing, SnapshotStatus? Newest, PastRun? Last, RunStatus? Run, int? Required,
        IReadOnlyList<StandingReason> Reasons)
{
    /// <summary>Whether the required copies of its newest snapshot are stored, and its last run did not end otherwise:
    /// success.</summary>
    public bool IsProtected => Standing <= Standing.Incomplete;

    /// <summary>Entries of its tree that are not in its newest snapshot, as far as that is known.</summary>
    public long Skipped { get; init; }

    /// <summary>Entries of its newest snapshot that one of the copies lacks, of that which lacks most, as far as that
    /// is known.</summary>
    public long Missing { get; init; }

    /// <summary>The colour.</summary>
    public Light Light => LightOf(Standing);

    /// <summary>The newest snapshot that was stored as often as required; null where none is known.</summary>
    public SnapshotId? ProtectedSnapshot => Newest is { IsProtected: true } ? Newest.Snapshot : Newest?.NewestProtected;

    /// <summary>The colour of a standing.</summary>
    public static Light LightOf(Standing standing) => standing switch
    {
        Standing.Protected => Light.Green,
        Standing.Copying => Light.Blue,
        Standing.Offline or Standing.Damaged or Standing.Incomplete or Standing.Unknown or Standing.NeverRan =>
            Light.Amber,
        _ => Light.Red,
    };

    /// <summary>How it stands with an origin of which this is known. Of several snapshots that claim to be the newest
    /// it is the worst that counts.</summary>
    /// <param name="required">How many copies protect it, where no snapshot says so.</param>
    public static OriginStanding Of(NodeName origin, IReadOnlyCollection<SnapshotStatus> newest, PastRun? last,
        RunStatus? run, int? required = null) =>
        newest.Count == 0
            ? Of(origin, (SnapshotStatus?)null, last, run, required)
            : newest.Select(one => Of(origin, one, last, run, required)).MaxBy(one => one.Standing)!;

    private static OriginStanding Of(NodeName origin, SnapshotStatus? newest, PastRun? last, RunStatus? run,
        int? required)
    {
        var isStored = newest is { IsProtected: true };
        // A snapshot that a run protected is judged by its copies, as long as there are any.
        var isOver = last is null || ((isStored || last.Outcome == PastOutcome.Protected)
            && newest is not null && last.IsResolvedBy(newest.Snapshot));
        var open = isOver ? null : last;
        var (skipped, missing) = LeftOut(newest, last);
        var ofEntries = skipped > 0 || missing > 0 ? Standing.Incomplete : Standing.Protected;
        var standing =
            (Standing)Math.Max((int)OfCopies(newest, last, run), Math.Max((int)OfLast(open), (int)ofEntries));
        if (run?.Phase == RunPhase.Copying && standing > Standing.Incomplete) standing = Standing.Copying;
        StandingReason[] left = [.. skipped > 0 ? [StandingReason.EntriesSkipped] : Array.Empty<StandingReason>(),
            .. missing > 0 ? [StandingReason.EntriesMissing] : Array.Empty<StandingReason>()];
        return new OriginStanding(origin, standing, newest, last, run, newest?.Required ?? required ?? run?.Required,
            [.. Why(newest, open, run, left)])
        { Skipped = skipped, Missing = missing };
    }

    /// <summary>If the last run brought the newest snapshot, what it left out is missing there. A holder reports what
    /// its copy lacks; one of an older version does not.</summary>
    private static (long Skipped, long Missing) LeftOut(SnapshotStatus? newest, PastRun? last)
    {
        if (newest is null) return (0, 0);
        var of = last?.Snapshot == newest.Snapshot && last.Outcome != PastOutcome.Refused ? last : null;
        return (of?.Skipped ?? 0, newest.IsMissingSaid ? newest.Missing : Math.Max(newest.Missing, of?.Missing ?? 0));
    }

    private static Standing OfCopies(SnapshotStatus? newest, PastRun? last, RunStatus? run) => newest switch
    {
        null => last is null && run is null ? Standing.NeverRan : Standing.AtRisk,
        { Required: null } => Standing.Unknown,
        { IsProtected: false } => Standing.AtRisk,
        { Damaged: > 0 } => Standing.Damaged,
        { IsOffline: true } => Standing.Offline,
        _ => Standing.Protected,
    };

    private static Standing OfLast(PastRun? open) => open?.Outcome switch
    {
        PastOutcome.AtRisk or PastOutcome.Protected => Standing.AtRisk,
        PastOutcome.Failed => Standing.Failed,
        PastOutcome.Refused => Standing.Refused,
        PastOutcome.Unknown => Standing.Unknown,
        _ => Standing.Protected,
    };

    private static IEnumerable<StandingReason> Why(SnapshotStatus? newest, PastRun? open, RunStatus? run,
        StandingReason[] left)
    {
        if (run?.Phase == RunPhase.Copying) yield return StandingReason.RunCopying;
        if (run?.Phase == RunPhase.Waiting) yield return StandingReason.RunWaiting;
        if (run?.Phase == RunPhase.Paused) yield return StandingReason.RunPaused;
        if (open?.Outcome == PastOutcome.AtRisk) yield return StandingReason.LastRunAtRisk;
        if (open?.Outcome == PastOutcome.Failed) yield return StandingReason.LastRunFailed;
        if (open?.Outcome == PastOutcome.Unknown) yield return StandingReason.LastRunUnknown;
        if (open?.Outcome == PastOutcome.Refused) yield return StandingReason.LastRunRefused;
        if (newest is not null && open?.Outcome == PastOutcome.Protected) yield return StandingReason.LastSnapshotLost;
        if (newest is null) yield return StandingReason.NoSnapshot;
        if (newest is { Required: not null, IsProtected: false }) yield return StandingReason.TooFewCopies;
        if (newest is { Required: null }) yield return StandingReason.RequiredUnknown;
        if (newest is { Damaged: > 0 }) yield return StandingReason.DamagedCopies;
        if (newest is { IsOffline: true }) yield return StandingReason.AllOffline;
        if (newest is not null && newest.Disks < newest.Copies) yield return StandingReason.SharedDisk;
        foreach (var one in left) yield return one;
        var isOlder = newest is { IsProtected: true } ? open is not null : newest?.NewestProtected is not null;
        if (isOlder) yield return StandingReason.OlderIsProtected;
    }
}
