using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Actors.Origin;

/// <summary>What an origin is started with.</summary>
/// <param name="Source">The directory to protect.</param>
/// <param name="Name">The origin's name.</param>
/// <param name="Coordinator">Where the coordinator listens.</param>
/// <param name="Copies">Required copies, at least 1: copying starts when so many eligible destinations are
/// connected.</param>
/// <param name="StartWith">With at least so many copying starts when <paramref name="Wait"/> ends.</param>
/// <param name="Wait">How long to wait for destinations; null: for ever.</param>
/// <param name="Keep">Snapshots to keep at the destinations; null: all.</param>
/// <param name="Rules">Which entries of the directory belong to the tree.</param>
/// <param name="MaxShrinkPercent">What share of its entries the tree may have lost since its last snapshot, 0 to 100;
/// null: it may shrink as it likes.</param>
/// <param name="ReportFiles">Whether the owner wants to hear of single files.</param>
/// <param name="Topology">The shape of the plans.</param>
/// <param name="Record">The file with its record of the last run; null: none.</param>
/// <param name="Control">What its owner holds of it while it runs; null: nothing, and it may start.</param>
/// <param name="Checksum">Whether all content is read and compared, whatever sizes and times say.</param>
/// <param name="Listen">Where destinations dial it that accept no connections; null: the local address that reaches the
/// coordinator, a port that the system chooses.</param>
/// <param name="Advertise">The address that destinations dial; null: the address that it listens on.</param>
/// <param name="Limit">How fast it may send, over all its links together; null: as fast as it can.</param>
public sealed record OriginSettings(
    string Source, NodeName Name, NodeAddress Coordinator, int Copies, int StartWith, TimeSpan? Wait, int? Keep,
    ScanRules Rules, int? MaxShrinkPercent, bool ReportFiles, TopologyChoice Topology = TopologyChoice.Auto,
    string? Record = null, bool Checksum = false, Rate? Limit = null,
    NodeAddress? Listen = null, NodeAddress? Advertise = null, OriginControl? Control = null);
