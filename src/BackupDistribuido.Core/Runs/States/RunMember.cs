using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs.States;

/// <summary>One destination of a run.</summary>
/// <param name="Data">Where it is dialled; null: it accepts no connections.</param>
/// <param name="Turn">Its place in the order of joining, from 0.</param>
/// <param name="Since">The epoch since which it takes part; see <see cref="PlanNode.Since"/>.</param>
public sealed record RunMember(
    NodeName Name, NodeAddress? Data, string Disk, MemberStanding Standing, Reason Reason, int Turn, Epoch Since)
{
    /// <summary>
    /// By parent, in how many epochs the link to it from there failed since files last came that way. A link belongs to
    /// both of its ends: only those from the plan's root tell of the destination alone; see
    /// <see cref="RunState.MaxMisses"/>.
    /// </summary>
    public ImmutableDictionary<NodeName, int> Misses { get; init; } = ImmutableDictionary<NodeName, int>.Empty;

    /// <summary>The last epoch with a miss. One epoch is one miss, however often it is reported, and its link is up
    /// again only in a later one.</summary>
    public Epoch Missed { get; init; }

    /// <summary>The digest under which it says that its replica is stored, while the origin's seal is not
    /// known.</summary>
    public Sha256Digest? Claim { get; init; }

    /// <summary>What its replica lacks of the manifest, according to its own report.</summary>
    public ReplicaShortfall Shortfall { get; init; }

    /// <summary>Its identity, whatever its name; null if unknown.</summary>
    public string? Identity { get; init; }

    /// <summary>Dialling was in vain: in the next plan it is its parent, or the other way round, that is
    /// dialled.</summary>
    public bool IsTurned { get; init; }

    /// <summary>It should dial its parent, where that can be dialled.</summary>
    public bool Calls => Data is null || IsTurned;

    /// <summary>It re-read its replica and found it damaged: its report of having stored it does not count.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>Where the files of its replica came from, by its own account; null: it does not say.</summary>
    public ReplicaIntake? Intake { get; init; }

    /// <summary>It held the others up; see <see cref="PlanNode.IsApart"/>.</summary>
    public bool IsApart { get; init; }

    /// <summary>Bytes a second that the link to it has carried in earlier runs; null: not known.</summary>
    public long? Speed { get; init; }

    /// <summary>The limit that it keeps to on the wire; null: none.</summary>
    public Rate? Limit { get; init; }

    /// <summary>Misses of its links from <paramref name="parent"/>.</summary>
    public int MissesFrom(NodeName parent) => Misses.GetValueOrDefault(parent);
}

/// <summary>A node that stores nothing, and through which all content can go.</summary>
/// <param name="Data">Where it is dialled; null: it can't be had.</param>
/// <param name="Problem">Why it can't be had, or why the link to it failed last.</param>
/// <param name="Misses">In how many epochs the link to it failed.</param>
/// <param name="Missed">The last epoch in which it did.</param>
public sealed record PlanRelay(NodeName Name, NodeAddress? Data, Reason? Problem = null, int Misses = 0,
    Epoch Missed = default)
{
    /// <summary>Whether plans may go through it: it is there, and the link to it has not failed
    /// <see cref="RunState.MaxMisses"/> times.</summary>
    public bool IsUsable => Data is not null && Misses < RunState.MaxMisses;
}
