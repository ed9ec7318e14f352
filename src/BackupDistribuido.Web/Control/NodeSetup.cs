using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Web.Control;

/// <summary>
/// The form on an origin's or a destination's page. Texts as they were typed; connecting checks them.
/// </summary>
/// <param name="Folder">The folder to back up, or the folder for the copies.</param>
/// <param name="Name">The node's name; empty: the usual one.</param>
/// <param name="Coordinator">Where the coordinator is.</param>
/// <param name="Copies">Required copies; an origin's.</param>
/// <param name="StartWhenReady">Whether copying starts when enough destinations are there; an origin's.</param>
public sealed record NodeSetup(string Folder, string Name, string Coordinator, int Copies, bool StartWhenReady);

/// <summary>What an origin or a destination is doing, as its page sees it.</summary>
public enum NodePhase
{
    /// <summary>It has not been asked to connect, or was asked to stop.</summary>
    Idle,
    /// <summary>It is connected, or trying to be.</summary>
    Running,
    /// <summary>It is taking its leave.</summary>
    Stopping,
    /// <summary>Its run is over.</summary>
    Over,
}

/// <summary>How a node's page stands at one moment.</summary>
/// <param name="Problem">Why it could not connect, or ended; null: there is nothing to say.</param>
/// <param name="MayStart">Whether copying may start when enough destinations are there.</param>
/// <param name="Kept">The file that the choices are kept in.</param>
/// <param name="FolderIsFixed">Why the folder can't be chosen here; null: it can.</param>
/// <param name="FreeBytes">Room where the folder is; null where that is not known.</param>
/// <param name="IsPaused">Whether an origin's run is to stand still.</param>
public sealed record ControlState(NodeSetup Setup, NodePhase Phase, Reason? Problem, bool MayStart, string Kept,
    Reason? FolderIsFixed = null, long? FreeBytes = null, bool IsPaused = false);

/// <summary>The snapshots of one origin in a destination's folder.</summary>
/// <param name="Verified">What reading the newest one again has found last; null: that was never done.</param>
public sealed record HeldByOrigin(string Origin, SnapshotId Newest, int Count, VerificationReport? Verified = null);

/// <summary>How far a destination is with reading its replicas again.</summary>
/// <param name="IsUnderWay">Whether it does.</param>
/// <param name="What">Origin and snapshot that it reads now.</param>
/// <param name="Read">Bytes that were read of it.</param>
/// <param name="Total">Bytes of it; 0 where that is not known.</param>
public sealed record VerifyState(bool IsUnderWay, string What, long Read, long Total)
{
    /// <summary>It does not.</summary>
    public static readonly VerifyState Nothing = new(false, "", 0, 0);
}

/// <summary>Folders to choose from.</summary>
/// <param name="Folder">Which one was looked into; null: the roots.</param>
/// <param name="Parent">The one above it that may be looked into; null: the roots.</param>
/// <param name="Folders">Full paths, at most <see cref="Most"/>.</param>
public sealed record FolderListing(string? Folder, string? Parent, IReadOnlyList<string> Folders,
    Reason? Problem = null)
{
    /// <summary>Most folders in a listing.</summary>
    public const int Most = 500;
}
