using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Actors.Destination;

/// <summary>A destination's settings.</summary>
/// <param name="Root">Folder that the copies are kept in.</param>
/// <param name="Name">The destination's name.</param>
/// <param name="Coordinator">Where the coordinator listens.</param>
/// <param name="Listen">Data address; null: the local address that reaches the coordinator, port 4054 or the next free
/// one.</param>
/// <param name="Advertise">The data address that parents dial; null: the address that it listens on.</param>
/// <param name="Adopt">Take over a folder, or an origin's folder, that another identity made.</param>
/// <param name="RequireMount">Refuse a root that is not on a separately mounted file system.</param>
/// <param name="Staging">How long, and how much, is kept in staging for runs that may come back; null: the default
/// rule.</param>
/// <param name="Inbound">Whether it opens a data port; without one it dials its parents, and no other node without a
/// port is placed below it.</param>
/// <param name="VerifyEvery">How long a replica may go without being re-read; null: re-reading only on request.</param>
/// <param name="Control">What its owner holds of it while it runs; null: nothing.</param>
/// <param name="LookEvery">How often it looks whether the newest snapshots are still there; null: each minute.</param>
/// <param name="Limit">How fast it may send, over all its links together, and how fast it may receive; null: as fast as
/// it can.</param>
public sealed record DestinationSettings(
    string Root, NodeName Name, NodeAddress Coordinator, NodeAddress? Listen, NodeAddress? Advertise, bool Adopt,
        bool RequireMount, StagingRule? Staging = null, Rate? Limit = null, bool Inbound = true,
    TimeSpan? VerifyEvery = null, DestinationControl? Control = null, TimeSpan? LookEvery = null);
