using BackupDistribuido.Core.Naming;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>What a coordinator is started with.</summary>
/// <param name="Listen">Control address; port 0 lets the system choose.</param>
/// <param name="RejoinWait">How long a run with too few replicas and nobody copying waits for someone to come
/// back.</param>
/// <param name="Record">How it keeps its record; null: it keeps none.</param>
/// <param name="RelayListen">Where content comes that it relays; null: the control address's host, and a port that the
/// system chooses.</param>
/// <param name="RelayAdvertise">The address that others are told to dial for it; null: the one listened on.</param>
/// <param name="Notices">Whom it tells of events besides its owner; null: nobody.</param>
public sealed record CoordinatorSettings(NodeAddress Listen, TimeSpan RejoinWait, RecordSettings? Record = null,
    NodeAddress? RelayListen = null, NodeAddress? RelayAdvertise = null, NoticeSettings? Notices = null);
