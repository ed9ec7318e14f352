using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.FanOut;

/// <summary>What one branch of a <see cref="ParcelFanOut"/> may hold, how long it may hold the others up, and what it
/// wants.</summary>
public sealed record BranchOptions
{
    /// <summary>
    /// Bytes of buffers that may wait for the branch's consumer; when they are reached, the branch is full and the
    /// inlet is not read on. Counted in whole buffers, for that is what a waiting frame keeps from being used, and
    /// passed by what comes in one parcel at most.
    /// </summary>
    public long BufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long a full branch, or any that is left when the inlet has ended, may take nothing before it is
    /// dropped; null: for ever (a disk that syncs).</summary>
    public TimeSpan? ProgressDeadline { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Does the branch want this frame, with its payload? Asked once for every frame, in the order of the
    /// wire, on the inlet's thread. Null: it wants all.</summary>
    public Func<Frame, ReadOnlyMemory<byte>, bool>? Wants { get; init; }
}
