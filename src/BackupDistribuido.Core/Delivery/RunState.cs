using System.Collections.Immutable;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

/// <summary>Where one destination of a run stands.</summary>
public enum MemberStanding
{
    /// <summary>It was told the plan and has not answered.</summary>
    Preparing,
    /// <summary>It is ready for the epoch's link, or receives.</summary>
    Copying,
    /// <summary>Its replica is stored durably.</summary>
    Stored,
    /// <summary>Started anew, it reads again what it had staged. The others go on; it is taken in when it says that it is ready.</summary>
    Resuming,
    /// <summary>It is away; it may come back.</summary>
    Away,
    /// <summary>It failed for a reason of its own and is not tried again.</summary>
    Failed,
}

/// <summary>One destination of a run.</summary>
/// <param name="Misses">In how many epochs its link failed since it last verified a file; see <see cref="RunState.MaxMisses"/>.</param>
/// <param name="Missed">The last epoch in which it did. One epoch is one miss, however often it is told, and its link is up again in a later one only.</param>
/// <param name="Claim">The digest under which it says that its replica is stored, while the origin's seal is not known.</param>
/// <param name="Shortfall">What its replica lacks of what the manifest has, by its own account.</param>
public sealed record RunMember(
    NodeName Name, NodeAddress Data, string Disk, MemberStanding Standing, string Reason, int Misses, Epoch Missed, Sha256Digest? Claim = null, ReplicaShortfall Shortfall = default);

/// <summary>What the origin said of the sealed manifest.</summary>
public sealed record SealedTree(Sha256Digest Digest, TreeTotals Totals, long Skipped);

/// <summary>
/// A run's life as a value: each event gives the next state. It knows who takes part and how each one stands, which epoch is open, and when the run
/// is over; it sends nothing and reads no clock.
/// </summary>
public sealed record RunState(RunId Run, NodeName Origin, SnapshotId Snapshot, int Required, Epoch Epoch, SealedTree? Seal, ImmutableSortedDictionary<string, RunMember> Members)
{
    /// <summary>After failed links in so many epochs a destination is given up.</summary>
    public const int MaxMisses = 3;

    /// <summary>A run without members, before its first epoch. <paramref name="newest"/> is the highest epoch that anyone has heard of.</summary>
    public static RunState Begin(RunId run, NodeName origin, SnapshotId snapshot, int required, Epoch newest) =>
        new(run, origin, snapshot, required, newest, null, ImmutableSortedDictionary.Create<string, RunMember>(StringComparer.Ordinal));

    /// <summary>Replicas stored.</summary>
    public int Copies => Members.Values.Count(member => member.Standing == MemberStanding.Stored);

    /// <summary>Whether the required copies are stored.</summary>
    public bool IsProtected => Copies >= Required;

    /// <summary>Members that a plan has to reach: neither finished nor away.</summary>
    public IEnumerable<RunMember> Unfinished => Members.Values.Where(member => member.Standing is MemberStanding.Preparing or MemberStanding.Copying);

    /// <summary>Whether the origin can be given the plan: nobody's answer is outstanding.</summary>
    public bool IsPrepared => Members.Values.All(member => member.Standing != MemberStanding.Preparing);

    /// <summary>Nobody copies any more, or is about to. The run is over then, unless copies are missing and someone may come back.</summary>
    public bool IsQuiet => !Members.Values.Any(member => member.Standing is MemberStanding.Preparing or MemberStanding.Copying or MemberStanding.Resuming);

    /// <summary>The member of that name, or null.</summary>
    public RunMember? Member(NodeName name) => Members.GetValueOrDefault(name.ToString());

    /// <summary>A destination is there (new, or back): it takes part from the next epoch on, unless it has finished.</summary>
    public RunState Joined(NodeName name, NodeAddress data, string disk) => Member(name) switch
    {
        { Standing: MemberStanding.Stored or MemberStanding.Failed } => this,
        var member => With(new RunMember(name, data, disk, MemberStanding.Preparing, "", member?.Misses ?? 0, member?.Missed ?? Epoch.None)),
    };

    /// <summary>Opens the next epoch: everyone unfinished has to be prepared for its plan.</summary>
    public RunState NextEpoch()
    {
        var next = this with { Epoch = Epoch.Next() };
        return Unfinished.Aggregate(next, (state, member) => state.With(member with { Standing = MemberStanding.Preparing }));
    }

    /// <summary>A destination is ready for the epoch's link. What an older epoch's answer says is ignored.</summary>
    public RunState Prepared(NodeName name, Epoch epoch) =>
        epoch == Epoch && Member(name) is { Standing: MemberStanding.Preparing } member && member.Missed != Epoch ? With(member with { Standing = MemberStanding.Copying }) : this;

    /// <summary>A destination reads again what it had staged before it was started anew: no plan waits for it.</summary>
    public RunState Resuming(NodeName name) =>
        Member(name) is { Standing: MemberStanding.Preparing or MemberStanding.Away } member ? With(member with { Standing = MemberStanding.Resuming, Reason = "" }) : this;

    /// <summary>A destination can't take part, or gave up: final.</summary>
    public RunState Failed(NodeName name, string reason) =>
        Member(name) is { Standing: not (MemberStanding.Stored or MemberStanding.Failed) } member
            ? With(member with { Standing = MemberStanding.Failed, Reason = reason }) : this;

    /// <summary>A destination left, died, hung or was cut off.</summary>
    public RunState Lost(NodeName name, string reason) =>
        Member(name) is { Standing: MemberStanding.Preparing or MemberStanding.Copying or MemberStanding.Resuming } member
            ? With(member with { Standing = MemberStanding.Away, Reason = reason }) : this;

    /// <summary>The link to a destination failed. It is tried again in the next epoch, a few times.</summary>
    public RunState LinkFailed(NodeName name, Epoch epoch, string reason)
    {
        if (epoch != Epoch || Member(name) is not { Standing: MemberStanding.Copying } member) return this;
        return member.Misses + 1 >= MaxMisses
            ? Failed(name, $"{reason} ({MaxMisses} times)")
            : With(member with { Standing = MemberStanding.Preparing, Reason = reason, Misses = member.Misses + 1, Missed = Epoch });
    }

    /// <summary>
    /// A destination verified files: the links that failed before are no reason to give it up. What it verified over the link that failed last does not count: it says so
    /// before it is ready for the next one.
    /// </summary>
    public RunState Progressed(NodeName name) => Member(name) is { Misses: > 0, Standing: MemberStanding.Copying } member ? With(member with { Misses = 0 }) : this;

    /// <summary>The origin sealed the manifest: what destinations have claimed before is judged now. The first seal stands.</summary>
    public RunState Sealed(SealedTree seal) => Seal is not null ? this
        : Members.Values.Aggregate(this with { Seal = seal }, (state, member) => member.Claim is { } claim ? state.Stored(member.Name, claim, member.Shortfall) : state);

    /// <summary>
    /// A destination says that its replica is stored. It counts in any epoch, from whatever standing, when its digest is the sealed manifest's;
    /// otherwise it is refused as a failure. What counts once goes on counting. Before the seal is known it is a claim.
    /// </summary>
    public RunState Stored(NodeName name, Sha256Digest digest, ReplicaShortfall shortfall = default)
    {
        if (Member(name) is not { Standing: not MemberStanding.Stored } member) return this;
        if (Seal is null) return member.Claim == digest ? this : With(member with { Claim = digest, Shortfall = shortfall });
        return digest == Seal.Digest
            ? With(member with { Standing = MemberStanding.Stored, Reason = shortfall.Limits == ReplicaLimits.None ? "" : $"without {shortfall}", Shortfall = shortfall })
            : With(member with { Standing = MemberStanding.Failed, Reason = "its manifest differs from the origin's" });
    }

    /// <summary>The run's end in figures.</summary>
    public RunSummary Summarize(double seconds, string reason, string sourceDisk = "")
    {
        var stored = Members.Values.Where(member => member.Standing == MemberStanding.Stored).ToList();
        var outcome = IsProtected ? RunOutcome.Protected : stored.Count > 0 ? RunOutcome.AtRisk : RunOutcome.Failed;
        var results = Members.Values.Select(member => new ReplicaResult(member.Name, member.Standing switch
        {
            MemberStanding.Stored => ReplicaState.Stored,
            MemberStanding.Away or MemberStanding.Failed => ReplicaState.Failed,
            _ => ReplicaState.Copying,
        }, member.Reason, member.Disk, member.Shortfall.Missing));
        return new RunSummary(Run, Snapshot, outcome, stored.Count, Required, stored.Select(member => member.Disk).Distinct().Count(),
            Seal?.Totals ?? default, Seal?.Skipped ?? 0, seconds, reason, [.. results], sourceDisk);
    }

    private RunState With(RunMember member) => this with { Members = Members.SetItem(member.Name.ToString(), member) };
}
