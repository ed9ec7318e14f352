using BackupDistribuido.Core.Naming;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>A coordinator's settings.</summary>
/// <param name="Listen">Control address; port 0 lets the system choose.</param>
/// <param name="RejoinWait">How long a run with too few replicas and no destination copying waits for one to come
/// back.</param>
/// <param name="Record">How it keeps its record; null: it keeps none.</param>
/// <param name="RelayListen">Where content comes that it relays; null: the control address's host, and a port that the
/// system chooses.</param>
/// <param name="RelayAdvertise">The address at which others dial the relay; null: the address that it listens
/// on.</param>
/// <param name="Notices">Targets of notices; null: none.</param>
public sealed record CoordinatorSettings(NodeAddress Listen, TimeSpan RejoinWait, RecordSettings? Record = null,
    NodeAddress? RelayListen = null, NodeAddress? RelayAdvertise = null, NoticeSettings? Notices = null);
