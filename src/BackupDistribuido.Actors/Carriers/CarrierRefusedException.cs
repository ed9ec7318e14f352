using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The other end of a connection is no peer of ours; the message says why, for both logs.</summary>
internal sealed class CarrierRefusedException(Reason reason, Exception? cause = null)
    : Exception(reason.ToString(), cause), IReasoned
{
    /// <summary>It went away before it said anything: a node that was stopped while it dialled, or somebody who only
    /// looked whether the port is open.</summary>
    public static CarrierRefusedException Silent() => new(ControlReason.ClosedSilently) { WasSilent = true };

    /// <inheritdoc/>
    public Reason Reason { get; } = reason;

    /// <summary>Nobody was refused anything, and no operator needs to know.</summary>
    public bool WasSilent { get; private init; }

    /// <summary>Whether the other end is told the reason, in a line of its own.</summary>
    public bool IsTold { get; init; }
}
