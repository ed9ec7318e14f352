using System.Diagnostics;
using System.Net;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Greeting;

namespace BackupDistribuido.Actors;

/// <summary>Tells a node's owner of data links that were refused, sparingly: <see cref="RefusalThrottle"/>. Any
/// thread.</summary>
internal sealed class RefusedLinks(Action<NodeEvent> report)
{
    private readonly RefusalThrottle _said = new();
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>One was refused.</summary>
    public void Say(LinkRefusal refusal)
    {
        var address = (refusal.Remote as IPEndPoint)?.Address.ToString() ?? refusal.Remote.ToString() ?? "";
        lock (_said) if (!_said.MaySay(address, refusal.Reason.ToString(), Stopwatch.GetElapsedTime(_begun))) return;
        report(new Warned(LinkReason.Refused(refusal.Remote, refusal.Reason)));
    }
}
