using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The other end of a connection is not a peer of ours; the message gives the reason, for both logs.</summary>
internal sealed class CarrierRefusedException(Reason reason, Exception? cause = null)
    : Exception(reason.ToString(), cause), IReasoned
{
    /// <summary>
    /// It disconnected before it sent anything: a node that was stopped while it dialled, or a port scan.
    /// </summary>
    public static CarrierRefusedException Silent() => new(ControlReason.ClosedSilently) { WasSilent = true };

    /// <inheritdoc/>
    public Reason Reason { get; } = reason;

    /// <summary>Nothing was refused, so operators need not know.</summary>
    public bool WasSilent { get; private init; }

    /// <summary>Whether the other end is told the reason, in a separate line.</summary>
    public bool IsTold { get; init; }
}
