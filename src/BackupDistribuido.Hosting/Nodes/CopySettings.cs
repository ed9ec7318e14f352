using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>The settings of a copy in one process.</summary>
/// <param name="Source">The directory to protect.</param>
/// <param name="Name">The origin's name.</param>
/// <param name="Destinations">Where the copies go, at least one; their names are different.</param>
/// <param name="Copies">Required copies, from 1 to the number of destinations.</param>
/// <param name="Keep">Snapshots to keep; null: all.</param>
/// <param name="Adopt">Take over folders or copies that another identity made.</param>
/// <param name="RequireMount">Refuse a root that is not on a separately mounted file system.</param>
/// <param name="RejoinWait">How long a run with too few replicas and no destination copying waits.</param>
/// <param name="Rules">Which entries of the directory belong to the tree.</param>
/// <param name="MaxShrinkPercent">What share of its entries the tree may have lost since its last snapshot; null: it
/// may shrink as it likes.</param>
/// <param name="ReportFiles">Whether the owner wants to hear of single files.</param>
/// <param name="Topology">The shape of the plans.</param>
/// <param name="Record">The file with the origin's record of its last run; null: none.</param>
/// <param name="Checksum">Whether all content is read and compared, whatever sizes and times say.</param>
/// <param name="Wait">How long to wait for a folder that is slow to open; null: 10 s.</param>
public sealed record CopySettings(
    string Source, NodeName Name, IReadOnlyList<CopyDestination> Destinations, int Copies, int? Keep,
    bool Adopt, bool RequireMount, TimeSpan RejoinWait, ScanRules Rules, int? MaxShrinkPercent, bool ReportFiles,
    TopologyChoice Topology = TopologyChoice.Auto, string? Record = null, bool Checksum = false, TimeSpan? Wait = null);

/// <summary>One folder that a copy fills.</summary>
public sealed record CopyDestination(string Root, NodeName Name);
