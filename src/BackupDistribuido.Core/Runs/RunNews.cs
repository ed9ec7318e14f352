using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Runs;

/// <summary>A run's reports to its coordinator.</summary>
public abstract record RunNews
{
    private RunNews()
    {
    }

    /// <summary>A destination holds the snapshot, whatever it reported up to a second ago.</summary>
    public sealed record Stored(NodeName Name, HeldSnapshot Held) : RunNews;

    /// <summary>A destination has given the snapshot up, for a reason of its own.</summary>
    public sealed record Failed(NodeName Name, SnapshotId Snapshot) : RunNews;

    /// <summary>
    /// A destination did not get ready for a catch-up, or makes no progress in re-reading its staging: it is busy, or
    /// its disk hangs.
    /// </summary>
    public sealed record Late(NodeName Name) : RunNews;

    /// <summary>How many bytes a second the links to these destinations have carried.</summary>
    public sealed record Speeds(IReadOnlyDictionary<NodeName, long> BytesPerSecond) : RunNews;

    /// <summary>The state of the run, and once it is over its end.</summary>
    public sealed record Standing(RunStatus Status, RunSummary? End) : RunNews
    {
        /// <summary>Whether it is over.</summary>
        public bool IsOver => End is not null;
    }
}
