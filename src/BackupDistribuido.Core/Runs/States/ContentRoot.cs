using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs.States;

/// <summary>How many copies a run is about, and whether they are stored.</summary>
/// <param name="Copies">At least 1.</param>
public sealed record RunGoal(int Copies, bool IsReached);

/// <summary>
/// The source of a run's content, and with it all differences between a run of an origin and a catch-up. Names alone
/// don't distinguish them: a destination may have the name of an origin.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Where it can be dialled; null: it can't, or has not said so.</param>
public abstract record ContentRoot(NodeName Name, NodeAddress? Data)
{
    /// <summary>
    /// The destination that gives its replica to the others; null: the content comes from the origin.
    /// </summary>
    public abstract NodeName? Holder { get; }

    /// <summary>Whether a run with too few copies waits for a destination to come back.</summary>
    public abstract bool WaitsForReturns { get; }

    /// <summary>Whether the coordinator is told which destinations did not get ready, so that it waits before it begins
    /// another run.</summary>
    public abstract bool TellsLate { get; }

    /// <summary>The number of required copies that destinations are told; null: unknown.</summary>
    public abstract int? RequiredFor(int required);

    /// <summary>
    /// Whether the run has done its part: destinations that join now, or make no progress, are left to a catch-up.
    /// </summary>
    public abstract bool IsEnough(RunState run);

    /// <summary>The tree's totals as last known.</summary>
    public abstract TreeTotals Tree(TreeTotals? announced, SealedTree? seal);

    /// <summary>The destinations that have the snapshot from the beginning: they don't count as progress.</summary>
    public abstract IEnumerable<NodeName> Givers(RunState run);

    /// <summary>The state of the snapshot, with these copies.</summary>
    public abstract RunGoal Goal(RunState run, IReadOnlyCollection<CopyProgress> copies);

    /// <summary>The origin itself: without it the run waits, and ends.</summary>
    public sealed record AtOrigin(NodeName Name, NodeAddress? Data) : ContentRoot(Name, Data)
    {
        /// <inheritdoc/>
        public override NodeName? Holder => null;

        /// <inheritdoc/>
        public override bool WaitsForReturns => true;

        /// <inheritdoc/>
        public override bool TellsLate => false;

        /// <inheritdoc/>
        public override int? RequiredFor(int required) => required;

        /// <inheritdoc/>
        public override bool IsEnough(RunState run) => run.IsProtected;

        /// <inheritdoc/>
        public override TreeTotals Tree(TreeTotals? announced, SealedTree? seal) =>
            seal?.Totals ?? announced ?? default;

        /// <inheritdoc/>
        public override IEnumerable<NodeName> Givers(RunState run) => [];

        /// <inheritdoc/>
        public override RunGoal Goal(RunState run, IReadOnlyCollection<CopyProgress> copies) =>
            new(Math.Max(1, run.Required), run.IsProtected);
    }

    /// <summary>
    /// A destination that holds the snapshot: the origin's comings and goings don't matter. Such a run waits for no
    /// destination; the coordinator begins another one for the rest.
    /// </summary>
    public sealed record AtHolder(NodeName Name, NodeAddress? Data) : ContentRoot(Name, Data)
    {
        /// <inheritdoc/>
        public override NodeName? Holder => Name;

        /// <inheritdoc/>
        public override bool WaitsForReturns => false;

        /// <inheritdoc/>
        public override bool TellsLate => true;

        /// <inheritdoc/>
        public override int? RequiredFor(int required) => null;

        /// <inheritdoc/>
        public override bool IsEnough(RunState run) => false;

        /// <inheritdoc/>
        public override TreeTotals Tree(TreeTotals? announced, SealedTree? seal) => announced ?? default;

        /// <inheritdoc/>
        public override IEnumerable<NodeName> Givers(RunState run) =>
            run.Members.Values.Where(member => member.Standing == MemberStanding.Stored).Select(member => member.Name);

        /// <inheritdoc/>
        public override RunGoal Goal(RunState run, IReadOnlyCollection<CopyProgress> copies)
        {
            var taking = copies.Count(copy => copy.Standing is not (MemberStanding.Away or MemberStanding.Failed));
            var stored = copies.Count(copy => copy.Standing == MemberStanding.Stored);
            return new RunGoal(Math.Max(1, taking), taking > 0 && stored == taking);
        }
    }
}
