using BackupDistribuido.Core.Membership;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>What a coordinator is started with.</summary>
/// <param name="Listen">Control address; port 0 lets the system choose.</param>
/// <param name="RejoinWait">How long a run with too few replicas and nobody copying waits for someone to come back.</param>
/// <param name="Record">How it keeps its record; null: it keeps none.</param>
public sealed record CoordinatorSettings(NodeAddress Listen, TimeSpan RejoinWait, RecordSettings? Record = null);
