using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Status;

/// <summary>A coordinator's knowledge at one moment: connected nodes, runs, stored snapshots.</summary>
/// <param name="Absent">Destinations that were here and are not connected, at most <see cref="MostAbsent"/>, the one
/// that was here last first.</param>
/// <param name="Origins">Every origin that was ever seen, at most <see cref="MostOrigins"/>; null from a coordinator
/// that does not say so.</param>
/// <param name="Warnings">Doubts about destinations' reports, in sentences that end with what to do, at most
/// <see cref="Doubts.Most"/>; null: none.</param>
public sealed record ClusterStatus(
    IReadOnlyList<NodeStatus> Nodes, IReadOnlyList<RunStatus> Runs, IReadOnlyList<SnapshotStatus> Snapshots,
    IReadOnlyList<AbsentNode>? Absent = null,
    IReadOnlyList<OriginStatus>? Origins = null, IReadOnlyList<Reason>? Warnings = null)
{
    /// <summary>Most destinations that are not connected which a status names.</summary>
    public const int MostAbsent = 200;

    /// <summary>Most origins of which a status tells more than their newest snapshot: those whose last run did not
    /// succeed come first.</summary>
    public const int MostOrigins = 1000;

    /// <summary>How it stands with each origin that is known by anything, by name.</summary>
    public IReadOnlyList<OriginStanding> Standings
    {
        get
        {
            var origins = (Origins ?? []).DistinctBy(one => one.Name).ToDictionary(one => one.Name);
            var snapshots = Snapshots.ToLookup(one => one.Origin);
            var connected = Nodes.Where(node => node.Role == NodeRole.Origin).DistinctBy(node => node.Name)
                .ToDictionary(node => node.Name);
            // A run that ends and the next one may both be visible for a moment.
            var runs = Runs.GroupBy(run => run.Origin).ToDictionary(of => of.Key, of => of.MaxBy(run => run.Snapshot)!);
            return [.. origins.Keys.Concat(snapshots.Select(of => of.Key)).Concat(connected.Keys).Concat(runs.Keys)
                .Distinct()
                .OrderBy(name => name.ToString(), StringComparer.Ordinal)
                .Select(name =>
                    OriginStanding.Of(name, [.. snapshots[name]], origins.GetValueOrDefault(name)?.Last,
                        runs.GetValueOrDefault(name),
                    origins.GetValueOrDefault(name)?.Required ?? connected.GetValueOrDefault(name)?.Required))];
        }
    }

    /// <summary>The worst of <see cref="Standings"/>; null where no origin is known.</summary>
    public Standing? Worst => Standings is { Count: > 0 } all ? all.Max(one => one.Standing) : null;

    /// <summary>Whether every origin that was ever seen is protected.</summary>
    public bool IsAllProtected => Standings.All(one => one.IsProtected);

    /// <summary>
    /// Whether an origin's newest snapshot has so many copies (null: as many as it requires), its last run did not end
    /// otherwise, and no run of it is under way that has fewer: then a newer one is about to come.
    /// </summary>
    public bool HasCopies(NodeName origin, int? copies) =>
        StandingOf(origin, copies) is { IsProtected: true }
            && !Runs.Any(run => run.Origin == origin && run.Copies < (copies ?? run.Required));

    /// <summary>How it stands with an origin where so many copies are required (null: as many as it wants); null where
    /// nothing is known of it.</summary>
    public OriginStanding? StandingOf(NodeName origin, int? copies = null)
    {
        var wanted = copies is null
            ? this : this with { Snapshots = [.. Snapshots.Select(one => one with { Required = copies })] };
        return wanted.Standings.FirstOrDefault(one => one.Origin == origin);
    }

    /// <summary>The connected count: destinations alive now.</summary>
    public int Connected => Nodes.Count(node => node.Role == NodeRole.Destination);
}

/// <summary>What is known of an origin besides its snapshots, connected or not.</summary>
/// <param name="Required">Required copies, as it last said; null: unknown.</param>
/// <param name="Last">The end of its last run; null: there was none, or it is unknown.</param>
public sealed record OriginStatus(NodeName Name, int? Required, PastRun? Last = null)
{
    /// <summary>
    /// Of so many origins that are not forgotten (<see cref="KnownOrigin.IsForgottenAt"/>), at most
    /// <paramref name="most"/>: those whose last run did not succeed or left something out, or that had none, come
    /// first.
    /// </summary>
    public static IReadOnlyList<OriginStatus> Of(IEnumerable<KnownOrigin> known, DateTimeOffset now,
        int most = ClusterStatus.MostOrigins) =>
        [.. known.Where(one => !one.IsForgottenAt(now))
            .Select(one => new OriginStatus(one.Name, one.Required, one.Last))
            .OrderBy(one => one.Last is { Outcome: PastOutcome.Protected, Skipped: 0, Missing: 0 }).Take(most)];
}

/// <summary>One connected node.</summary>
/// <param name="Address">Where others reach it: a destination's data address; null for a node that does not
/// listen.</param>
/// <param name="Since">When this incarnation of it registered.</param>
/// <param name="FreeBytes">Free space below a destination's root; null for other roles.</param>
/// <param name="Newest">The newest snapshot that a destination has, of whichever origin; null where it has
/// none.</param>
/// <param name="Required">Copies that an origin wants; null for other roles.</param>
/// <param name="Verified">The result of a destination's re-reading of the newest snapshots: a damaged one if there is
/// one, or else the oldest; null if one was never re-read.</param>
public sealed record NodeStatus(
    NodeRole Role, NodeName Name, NodeAddress? Address, DateTimeOffset Since, long? FreeBytes, SnapshotId? Newest =
        null, int? Required = null, Verification? Verified = null)
{
    /// <summary>The summary for a destination that holds these.</summary>
    public static Verification? VerifiedOf(IReadOnlyCollection<HeldSnapshot> held) =>
        held.FirstOrDefault(one => one.IsDamaged)?.Verified
        ?? (held.Any(one => one.Verified is null) ? null : held.Select(one => one.Verified).MinBy(one => one!.Time));
}

/// <summary>A destination that was here and is not connected.</summary>
/// <param name="Reason">Why it went; null where that is not known any more.</param>
public sealed record AbsentNode(NodeName Name, NodeAddress Address, DateTimeOffset LastSeen, Reason? Reason = null);

/// <summary>The activity of a run.</summary>
public enum RunPhase
{
    /// <summary>Destinations are copying, and fewer than required have stored it.</summary>
    Copying,
    /// <summary>The required copies are stored; destinations beyond them are still copying.</summary>
    Protected,
    /// <summary>Too few replicas and no destination copying: it waits for one to come back.</summary>
    Waiting,
    /// <summary>Fewer than required have stored it, and its owner wants nothing to be sent for now.</summary>
    Paused,
}

/// <summary>The names of phases for programs.</summary>
public static class RunPhases
{
    /// <summary>The phase in JSON output.</summary>
    public static string Code(this RunPhase phase) => phase switch
    {
        RunPhase.Copying => "copying",
        RunPhase.Protected => "protected",
        RunPhase.Paused => "paused",
        _ => "waiting",
    };
}

/// <summary>One run that is not over.</summary>
/// <param name="Copies">Replicas stored so far.</param>
/// <param name="Required">Replicas required.</param>
/// <param name="BytesDone">Content bytes of the tree that are in place, on average over the required copies:
/// <see cref="RunProgress.Of"/>.</param>
/// <param name="BytesTotal">Content bytes of the tree.</param>
public sealed record RunStatus(
    RunId Run, NodeName Origin, SnapshotId Snapshot, RunPhase Phase, int Copies, int Required, long BytesDone,
        long BytesTotal)
{
    /// <summary>Most destinations of a run that a status names: it has to fit into one message.</summary>
    public const int MostMembers = 200;

    /// <summary>Its destinations, at most <see cref="MostMembers"/>; null where they are not told.</summary>
    public IReadOnlyList<RunMemberStatus>? Members { get; init; }

    /// <summary>The source of the content, if it is not the origin.</summary>
    public NodeName? Root { get; init; }

    /// <summary>Files of the tree.</summary>
    public long FilesTotal { get; init; }

    /// <summary>How far it is; null: an older coordinator does not say.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>Which node forwards to which, and why, as a text for users; empty if there is no plan.</summary>
    public Reason Plan { get; init => field = value ?? Reason.None; } = Reason.None;
}

/// <summary>One destination of a run.</summary>
/// <param name="Reason">Why it is where it is; empty where there is nothing to say.</param>
/// <param name="Parent">Its parent in the current plan; null if it is in none.</param>
/// <param name="Verified">Content bytes of the files that it has verified so far, also those that it had
/// already.</param>
/// <param name="Received">Content bytes that it has received over links so far.</param>
/// <param name="Files">Files that it has verified so far.</param>
/// <param name="Copy">How far it is; null: an older coordinator does not say.</param>
public sealed record RunMemberStatus(
    NodeName Name, MemberStanding Standing, Reason Reason, NodeName? Parent, long Verified, long Received, long Files,
        CopyProgress? Copy = null)
{
    /// <summary>How far it is with a tree that has <paramref name="total"/> content bytes.</summary>
    public CopyProgress Of(long total) => Copy is not null && Copy.Standing == Standing && Copy.Total == total ? Copy
        : CopyProgress.Of(Copy?.Done ?? Math.Max(Verified, Received), total, Standing, null);
}

/// <summary>A destination that has a replica.</summary>
/// <param name="LastSeen">When it was connected last; null: it is.</param>
/// <param name="Verified">What reading the replica again has found last; null: that was never done, or is not
/// known.</param>
/// <param name="Missing">Entries that it lacks because they can't be held there; null where that is not known.</param>
/// <param name="Stored">When it was published there; null where that is not known.</param>
public sealed record ReplicaHolder(
    NodeName Destination, DateTimeOffset? LastSeen, Verification? Verified = null, long? Missing = null,
    DateTimeOffset? Stored = null)
{
    /// <summary>Whether its replica was found damaged: then it is not a copy.</summary>
    public bool IsDamaged => Verified is Verification.Damaged;
}

/// <summary>The newest snapshot of an origin that any destination has, connected or not.</summary>
/// <param name="Copies">How many of them last reported exactly this one: the same tree of the same origin. Those that
/// found it damaged don't count.</param>
/// <param name="Required">How many copies protect it: according to the newest started run of its origin or, if that is
/// forgotten, according to the destinations, which recorded it when it was copied; null if unknown.</param>
/// <param name="Holders">Its holders, damaged ones too.</param>
/// <param name="NewestProtected">The origin's newest snapshot that was stored as often as required; null where none is
/// known, or where it has lost copies to damage since then.</param>
/// <param name="Arrived">When the first of its holders had it; null where that is not known.</param>
/// <param name="Disks">Different disks that these copies are on; null: that is not known.</param>
public sealed record SnapshotStatus(
    NodeName Origin, SnapshotId Snapshot, int Copies, int? Required, IReadOnlyList<ReplicaHolder>? Holders =
        null, SnapshotId? NewestProtected = null, DateTimeOffset? Arrived = null, int? Disks = null)
{
    /// <summary>Whether it is known to be stored as often as required.</summary>
    public bool IsProtected => Copies >= Required;

    /// <summary>How many of the copies are at destinations that are not connected.</summary>
    public int Offline => Holders?.Count(holder => holder is { LastSeen: not null, IsDamaged: false }) ?? 0;

    /// <summary>Whether there are copies, and all of them are at destinations that are not connected.</summary>
    public bool IsOffline => Copies > 0 && Offline >= Copies;

    /// <summary>How many destinations have it damaged.</summary>
    public int Damaged => Holders?.Count(holder => holder.IsDamaged) ?? 0;

    /// <summary>Entries that one of the copies lacks, of that which lacks most, as far as they say it.</summary>
    public long Missing => Copied.Max(holder => holder.Missing) ?? 0;

    /// <summary>Whether all copies report what they lack.</summary>
    public bool IsMissingSaid => Copied.Any() && Copied.All(holder => holder.Missing is not null);

    private IEnumerable<ReplicaHolder> Copied => (Holders ?? []).Where(holder => !holder.IsDamaged);

    /// <summary>
    /// How old it is: since it was begun, by its id; where that lies in the future, since it arrived at the first of
    /// its holders. Null where that can't be right either.
    /// </summary>
    public TimeSpan? AgeAt(DateTimeOffset now) => TakenBy(now) is { } taken ? now - taken : null;

    /// <summary>When it was begun, by its id, or, where that lies in the future, when it arrived; null where that can't
    /// be right either.</summary>
    public DateTimeOffset? TakenBy(DateTimeOffset now) =>
        new DateTimeOffset(Snapshot.Time) is var begun && begun <= now ? begun : Arrived <= now ? Arrived : null;

    /// <summary>The newest snapshot of each origin, by name, from what the connected destinations have and the others
    /// had.</summary>
    public static IReadOnlyList<SnapshotStatus> Newest(IReadOnlyCollection<DestinationRegistration> connected,
        Remembered remembered, DateTimeOffset now)
    {
        var spoiled = connected.SelectMany(one => one.Older ?? [])
            .Where(older => older.Verified is Verification.Damaged).Select(older => (older.Origin, older.Snapshot))
            .ToHashSet();
        return [.. NewestHeld.OfEach(NewestHeld.All(connected, remembered.Absent), remembered.SealOf,
            new SnapshotOrder(now)).Select(newest => Of(newest, remembered, spoiled))];
    }

    private static SnapshotStatus Of(NewestHeld newest, Remembered remembered,
        HashSet<(NodeName Origin, SnapshotId Snapshot)> spoiled)
    {
        var holders =
            newest.Same.Select(one =>
                new ReplicaHolder(one.Destination, one.LastSeen, one.Held.Verified, one.Held.Missing)).ToList();
        var known = remembered.Origin(newest.Origin);
        var required = known is { IsAsked: false }
            ? known.Required : newest.Same.Concat(newest.Other).Max(one => one.Held.Required) ?? known?.Required;
        var sound = newest.Same.Where(one => !one.Held.IsDamaged).ToList();
        var copies = sound.Count;
        // A snapshot that was protected once and has lost a copy to damage is no safe fallback. For an older one it is
        // unknown how many are left.
        var isSpoiled = known?.Protected == newest.Id
            ? copies < holders.Count && !(copies >= required)
            : known?.Protected is { } older && spoiled.Contains((newest.Origin, older));
        return new SnapshotStatus(newest.Origin, newest.Id, copies, required, holders,
            isSpoiled ? null : known?.Protected, newest.Same.Min(one => one.Held.Arrived),
            sound.Any(one => string.IsNullOrEmpty(one.Disk)) ? null : sound.Select(one => one.Disk).Distinct().Count());
    }
}
