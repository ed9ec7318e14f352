using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.History;

/// <summary>A fact that a coordinator records, with the time at which it learned it. Recording the same fact twice
/// changes nothing but the list of events.</summary>
public abstract record JournalEntry(DateTimeOffset Time);

/// <summary>An origin registered, and wants so many copies, by plans of that shape.</summary>
public sealed record OriginSeen(DateTimeOffset Time, NodeName Origin, int Required,
    TopologyChoice Topology = TopologyChoice.Auto) : JournalEntry(Time);

/// <summary>An origin's run began, ended, or was refused: what is known of its last one.</summary>
public sealed record OriginRan(DateTimeOffset Time, NodeName Origin, PastRun Last) : JournalEntry(Time);

/// <summary>Links to destinations of these identities have carried so many bytes a second.</summary>
public sealed record SpeedsSeen(DateTimeOffset Time, IReadOnlyDictionary<string, long> BytesPerSecond)
    : JournalEntry(Time);

/// <summary>
/// A destination reported what it holds. <paramref name="IsNewLife"/>: it has just connected, so anything that it does
/// not name is gone; otherwise the report may be a moment older than its last replica.
/// </summary>
public sealed record DestinationSeen(DateTimeOffset Time, DestinationRegistration Registration, bool IsNewLife)
    : JournalEntry(Time);

/// <summary>Destinations of these identities are connected, or were until now.</summary>
public sealed record DestinationsAlive(DateTimeOffset Time, IReadOnlyList<string> Identities) : JournalEntry(Time);

/// <summary>A run began, or was taken up again. <paramref name="Keep"/>: so many snapshots stay at its destinations
/// after it; null: all.</summary>
public sealed record RunBegun(DateTimeOffset Time, RunId Run, NodeName Origin, SnapshotId Snapshot, int Required,
    int? Keep) : JournalEntry(Time);

/// <summary>A destination reports that it has stored a run's snapshot under that digest. The end of the run decides
/// whether it was the right one.</summary>
public sealed record ReplicaStored(DateTimeOffset Time, RunId Run, NodeName Origin, SnapshotId Snapshot,
    NodeIdentity Destination, Sha256Digest Digest) : JournalEntry(Time);

/// <summary>An event that was reported to the coordinator's owner. Epochs, ends of runs and protection are taken from
/// it too.</summary>
public sealed record Happened(DateTimeOffset Time, NodeEvent Event) : JournalEntry(Time);
