using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Delivery.Progress;

/// <summary>
/// What a link to <paramref name="To"/> has carried since it began, as its parent's system counts it: bytes that have
/// arrived, and the milliseconds in which some were in flight. If <paramref name="To"/> is the plan's root itself: the
/// bytes that it has given to its links, and the milliseconds that it took to read them.
/// </summary>
public sealed record LinkFlow(NodeName To, long Bytes, long BusyMilliseconds);
