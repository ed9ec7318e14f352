using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// Published on a node's EventStream at every failed attempt to reach the coordinator. <paramref name="Refused"/>:
/// something answered there, but it is not our coordinator (another key, none, another program).
/// </summary>
public sealed record CoordinatorUnreachable(Reason Reason, bool Refused);
