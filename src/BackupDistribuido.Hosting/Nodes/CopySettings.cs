using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>What a copy in one process is started with.</summary>
/// <param name="Source">The directory to protect.</param>
/// <param name="Name">The origin's name.</param>
/// <param name="Destinations">Where the copies go, at least one; their names are different.</param>
/// <param name="Copies">Required copies, from 1 to the number of destinations.</param>
/// <param name="Keep">Snapshots to keep; null: all.</param>
/// <param name="Adopt">Take over folders or copies that another identity made.</param>
/// <param name="RequireMount">Refuse a root that is not on a mounted file system of its own.</param>
/// <param name="RejoinWait">How long a run with too few replicas and nobody copying waits.</param>
/// <param name="Rules">What of the directory belongs to the tree.</param>
/// <param name="MaxShrinkPercent">What share of its entries the tree may have lost since its last snapshot; null: it
/// may shrink as it likes.</param>
/// <param name="ReportFiles">Whether the owner wants to hear of single files.</param>
/// <param name="Topology">What the plans should look like.</param>
/// <param name="Record">The file in which the origin remembers what it has sent; null: it remembers nothing.</param>
/// <param name="Checksum">Whether all content is read and compared, whatever sizes and times say.</param>
/// <param name="Wait">How long the others wait for a folder that is slow to open; null: 10 s.</param>
public sealed record CopySettings(
    string Source, NodeName Name, IReadOnlyList<CopyDestination> Destinations, int Copies, int? Keep,
    bool Adopt, bool RequireMount, TimeSpan RejoinWait, ScanRules Rules, int? MaxShrinkPercent, bool ReportFiles,
    TopologyChoice Topology = TopologyChoice.Auto, string? Record = null, bool Checksum = false, TimeSpan? Wait = null);

/// <summary>One folder that a copy fills.</summary>
public sealed record CopyDestination(string Root, NodeName Name);
