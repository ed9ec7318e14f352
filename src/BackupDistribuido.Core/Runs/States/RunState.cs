using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs.States;

/// <summary>
/// A run's life as a value: each event gives the next state. It knows the members and their states, which epoch is
/// open, and when the run is over; it sends nothing and reads no clock.
/// </summary>
public sealed record RunState(RunId Run, NodeName Origin, SnapshotId Snapshot, int Required, Epoch Epoch,
    SealedTree? Seal, ImmutableSortedDictionary<string, RunMember> Members)
{
    /// <summary>The source of the content.</summary>
    public ContentRoot Content { get; init; } = new ContentRoot.AtOrigin(Origin, null);

    /// <summary>The node that has the content.</summary>
    public NodeName Root => Content.Name;

    /// <summary>Where the root can be dialled; null: it can't, or has not said so.</summary>
    public NodeAddress? RootData => Content.Data;

    /// <summary>The relay for the content; null: there is none, or it was not requested.</summary>
    public PlanRelay? Relay { get; init; }

    /// <summary>Its owner has paused it. Plans have no receivers then, and it waits for no destination to come back;
    /// stored replicas count all the same.</summary>
    public bool IsPaused { get; init; }

    /// <summary>After links from the plan's root that failed in so many epochs a destination is given up.</summary>
    public const int MaxMisses = 3;

    /// <summary>A run without members, before its first epoch. <paramref name="newest"/> is the highest epoch that
    /// anyone has heard of.</summary>
    public static RunState Begin(RunId run, NodeName origin, SnapshotId snapshot, int required, Epoch newest) =>
        new(run, origin, snapshot, required, newest, null,
            ImmutableSortedDictionary.Create<string, RunMember>(StringComparer.Ordinal));

    /// <summary>Replicas stored.</summary>
    public int Copies => Members.Values.Count(member => member.Standing == MemberStanding.Stored);

    /// <summary>Whether the required copies are stored.</summary>
    public bool IsProtected => Copies >= Required;

    /// <summary>Members that a plan has to reach: they neither have it all nor are away.</summary>
    public IEnumerable<RunMember> Unfinished =>
        Members.Values.Where(member => member.Standing is MemberStanding.Preparing or MemberStanding.Copying);

    /// <summary>Whether the origin can be given the plan: no answer is outstanding.</summary>
    public bool IsPrepared => Members.Values.All(member => member.Standing != MemberStanding.Preparing);

    /// <summary>No destination is copying any more, or about to. The run is over then, unless copies are missing and a
    /// destination may come back.</summary>
    public bool IsQuiet => !Members.Values.Any(member =>
        member.Standing is MemberStanding.Preparing or MemberStanding.Copying or MemberStanding.Publishing
            or MemberStanding.Resuming);

    /// <summary>The member of that name, or null.</summary>
    public RunMember? Member(NodeName name) => Members.GetValueOrDefault(name.ToString());

    /// <summary>
    /// A destination is connected (new, or back): it takes part from the next epoch on, unless it has finished. One
    /// that was here under another name is the same one: the old name is removed, and its stored replica belongs to the
    /// new one. A replica that it had stored keeps counting only if it still <paramref name="holds"/> it, according to
    /// its own report; else it counts again when the destination reports it.
    /// </summary>
    public RunState Joined(NodeName name, NodeAddress? data, string disk, Rate? limit = null, long? speed = null,
        string? identity = null, bool holds = false)
    {
        if (OtherName(name, identity) is { } old)
            return Renamed(old, old with { Name = name, Data = data, Disk = disk })
                .Joined(name, data, disk, limit, speed, identity, holds);
        // Another disk under that name has none of the replicas of the one before it.
        var member = Member(name) is { } known
            && (known.Identity is null || identity is null || known.Identity == identity) ? known : null;
        if (member is { Standing: MemberStanding.Failed }
            || (member is { Standing: MemberStanding.Stored } && holds)) return this;
        return With(new RunMember(name, data, disk, MemberStanding.Preparing, Reason.None,
            member?.Turn ?? Members.Count, Epoch.Next())
        {
            Misses = member?.Misses ?? ImmutableDictionary<NodeName, int>.Empty,
            Missed = member?.Missed ?? Epoch.None,
            Limit = limit,
            Speed = speed,
            IsTurned = member?.IsTurned ?? false,
            Identity = identity,
        });
    }

    /// <summary>The member of that identity under another name than that; null where there is none.</summary>
    public RunMember? OtherName(NodeName name, string? identity) =>
        identity is null
            ? null : Members.Values.FirstOrDefault(member => member.Identity == identity && member.Name != name);

    private RunState Renamed(RunMember old, RunMember now) =>
        this with { Members = Members.Remove(old.Name.ToString()).SetItem(now.Name.ToString(), now) };

    /// <summary>The same with the content coming from another holder.</summary>
    public RunState RootedAt(NodeName holder, NodeAddress? data) =>
        this with { Content = new ContentRoot.AtHolder(holder, data) };

    /// <summary>The same with the origin's address; nothing changes where the content does not come from it.</summary>
    public RunState OriginAt(NodeAddress? data) =>
        Content is ContentRoot.AtHolder ? this : this with { Content = new ContentRoot.AtOrigin(Origin, data) };

    /// <summary>Opens the next epoch: everyone unfinished has to be prepared for its plan.</summary>
    public RunState NextEpoch()
    {
        var next = this with { Epoch = Epoch.Next() };
        return Unfinished.Aggregate(next,
            (state, member) => state.With(member with { Standing = MemberStanding.Preparing }));
    }

    /// <summary>A destination is ready for the epoch's link. Answers to older epochs are ignored.</summary>
    public RunState Prepared(NodeName name, Epoch epoch) =>
        epoch == Epoch && Member(name) is { Standing: MemberStanding.Preparing } member && member.Missed != Epoch
            ? With(member with { Standing = MemberStanding.Copying }) : this;

    /// <summary>A destination re-reads its staging after a restart: no plan waits for it.</summary>
    public RunState Resuming(NodeName name) =>
        Member(name) is { Standing: MemberStanding.Preparing or MemberStanding.Away } member
            ? With(member with { Standing = MemberStanding.Resuming, Reason = Reason.None }) : this;
    /// <summary>A destination has received all of the tree, in any epoch: its links no longer matter.</summary>
    public RunState Publishing(NodeName name) =>
        Member(name) is { Standing: MemberStanding.Preparing or MemberStanding.Copying } member
            ? With(member with { Standing = MemberStanding.Publishing }) : this;

    /// <summary>A destination can't take part, or gave up: final.</summary>
    public RunState Failed(NodeName name, Reason reason) =>
        Member(name) is { Standing: not (MemberStanding.Stored or MemberStanding.Failed) } member
            ? With(member with { Standing = MemberStanding.Failed, Reason = reason }) : this;

    /// <summary>A destination read the snapshot's replica again and found it damaged: it fails, though it has counted
    /// before.</summary>
    public RunState Damaged(NodeName name, Reason reason) =>
        Member(name) is { IsDamaged: false } member
            ? With(member with { Standing = MemberStanding.Failed, Reason = reason, IsDamaged = true }) : this;

    /// <summary>A destination left, died, hung or was cut off.</summary>
    public RunState Lost(NodeName name, Reason reason) =>
        Member(name) is
        {
            Standing: MemberStanding.Preparing or MemberStanding.Copying or MemberStanding.Publishing
            or MemberStanding.Resuming
        } member
            ? With(member with { Standing = MemberStanding.Away, Reason = reason }) : this;

    /// <summary>
    /// The link from <paramref name="parent"/> to a destination failed. The next epoch tries another one
    /// (<see cref="Planning"/>); from its second miss on it takes part on its own, so that it does not hold the others
    /// up again. It is given up after <see cref="MaxMisses"/> from the plan's root, or from any other node that is not
    /// a destination. If it was <paramref name="unreached"/>, dialled in vain, the other end dials next time.
    /// </summary>
    public RunState LinkFailed(NodeName parent, NodeName name, Epoch epoch, Reason reason, bool unreached = false)
    {
        if (epoch == Epoch && parent == Root && name == Relay?.Name && Relay.Missed != Epoch)
            return this with { Relay = Relay with { Misses = Relay.Misses + 1, Missed = Epoch, Problem = reason } };
        if (epoch != Epoch || Member(name) is not { Standing: MemberStanding.Copying } member) return this;
        var misses = member.MissesFrom(parent) + 1;
        return misses >= MaxMisses && parent == Root
            ? Failed(name, RunReason.Times(reason, MaxMisses))
            : With(member with
            {
                Standing = MemberStanding.Preparing,
                Reason = reason,
                Since = member.Missed > Epoch.None ? Epoch.Next() : member.Since,
                Misses = member.Misses.SetItem(parent, misses),
                Missed = Epoch,
                IsTurned = member.IsTurned ^ unreached,
            });
    }

    /// <summary>A destination holds the others up: from the next epoch on it is set apart. Once only.</summary>
    public RunState SetApart(NodeName name, Reason reason) =>
        Member(name) is { Standing: MemberStanding.Copying, IsApart: false } member
            ? With(member with
            {
                Standing = MemberStanding.Preparing,
                IsApart = true,
                Since = Epoch.Next(),
                Reason = reason
            }) : this;

    /// <summary>
    /// A destination verified files that came from <paramref name="parent"/>: earlier failures of links from there are
    /// no reason to give it up, or to avoid them. What it verified over the link that failed last does not count: it
    /// reports this before it is ready for the next one.
    /// </summary>
    public RunState Progressed(NodeName name, NodeName parent) =>
        Member(name) is { Standing: MemberStanding.Copying } member && member.MissesFrom(parent) > 0
            ? With(member with { Misses = member.Misses.Remove(parent) }) : this;

    /// <summary>The origin sealed the manifest: earlier claims of destinations are judged now. The first digest is
    /// final.</summary>
    public RunState Sealed(SealedTree seal) =>
        Seal is not null ? Seal.Digest == seal.Digest ? this with { Seal = seal } : this
        : Members.Values.Aggregate(this with { Seal = seal },
            (state, member) => member.Claim is { } claim ? state.Stored(member.Name, claim, member.Shortfall) : state);

    /// <summary>
    /// A destination reports that its replica is stored. It counts in any epoch, from any state, if its digest is the
    /// sealed manifest's; otherwise it is refused as a failure. A counted replica keeps counting, unless it was found
    /// damaged, or its destination comes back without it. Before the seal is known it is a claim.
    /// </summary>
    public RunState Stored(NodeName name, Sha256Digest digest, ReplicaShortfall shortfall = default)
    {
        if (Member(name) is not { Standing: not MemberStanding.Stored, IsDamaged: false } member) return this;
        if (Seal is null)
            return member.Claim == digest ? this : With(member with { Claim = digest, Shortfall = shortfall });
        return digest == Seal.Digest
            ? With(member with
            {
                Standing = MemberStanding.Stored,
                Reason = shortfall.Limits == ReplicaLimits.None
                    ? Reason.None : ReplicaReason.Without(shortfall.ToString()),
                Shortfall = shortfall
            })
            : With(member with { Standing = MemberStanding.Failed, Reason = ReplicaReason.OtherManifest });
    }

    /// <summary>
    /// How many snapshots a destination is to keep now of the <paramref name="keep"/> that the origin wants; null: it
    /// removes none. Nothing old goes for one that is not protected, that lacks entries or has shrunk, or that this
    /// destination does not have.
    /// </summary>
    public int? KeepAt(NodeName destination, int? keep) =>
        IsProtected && Seal is { Skipped: 0, HasShrunk: false }
            && Member(destination) is { Standing: MemberStanding.Stored, IsDamaged: false } ? keep : null;

    /// <summary>A destination says where the files of its replica came from: for people, and no matter of the
    /// run's.</summary>
    public RunState TookIn(NodeName name, ReplicaIntake? intake) =>
        intake is not null && Member(name) is { } member && member.Intake != intake
            ? With(member with { Intake = intake }) : this;

    /// <summary>The run's end in figures.</summary>
    public RunSummary Summarize(double seconds, Reason reason, string sourceDisk = "")
    {
        var stored = Members.Values.Where(member => member.Standing == MemberStanding.Stored).ToList();
        var outcome = IsProtected ? RunOutcome.Protected : stored.Count > 0 ? RunOutcome.AtRisk : RunOutcome.Failed;
        var results = Members.Values.Select(member => new ReplicaResult(member.Name, member.Standing switch
        {
            MemberStanding.Stored => ReplicaState.Stored,
            MemberStanding.Away or MemberStanding.Failed => ReplicaState.Failed,
            _ => ReplicaState.Copying,
        }, member.Reason, member.Disk, member.Shortfall.Missing, member.Standing == MemberStanding.Stored
            ? member.Intake : null));
        return new RunSummary(Run, Snapshot, outcome, stored.Count, Required,
            stored.Select(member => member.Disk).Distinct().Count(),
            Seal?.Totals ?? default, Seal?.Skipped ?? 0)
        {
            Seconds = seconds,
            Reason = reason,
            Destinations = [.. results],
            SourceDisk = sourceDisk,
            Source = Seal?.Source,
            HasShrunk = Seal?.HasShrunk ?? false,
        };
    }

    private RunState With(RunMember member) => this with { Members = Members.SetItem(member.Name.ToString(), member) };
}
