using System.Collections.Concurrent;
using System.Net;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>
/// Links between nodes of one process: the same conversation without sockets, TLS and bytes of frames. Parcels go from
/// hand to hand with their leases. Nobody outside reaches them. Safe from any thread.
/// </summary>
public sealed class ProcessLinks : ILinks
{
    private readonly ConcurrentDictionary<NodeAddress, Listener> _listening = new();
    private int _given;

    /// <inheritdoc/>
    public bool AreProven => true;

    /// <summary>Begins to listen, until what it gives is disposed. Links that are there by then stay.</summary>
    /// <param name="admit">Takes or refuses a greeting; must not block.</param>
    /// <param name="accepted">Gets every link that was admitted, and owns it; must not block.</param>
    public IProcessListener Listen(Func<HelloFrame, Admission> admit, Action<IParentLink> accepted)
    {
        while (true)
        {
            // An address of this machine alone, as plans know it. It means something in this process only.
            var address = NodeAddress.Of(IPAddress.Loopback, Interlocked.Increment(ref _given) & 0xffff);
            var listener = new Listener(this, address, admit, accepted);
            if (address.Port != 0 && _listening.TryAdd(address, listener)) return listener;
        }
    }

    /// <inheritdoc/>
    public async Task<IChildLink> DialAsync(NodeAddress address, HelloFrame hello, TimeSpan patience,
        CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!_listening.TryGetValue(address, out var listener))
        {
            throw new LinkException(ErrorCode.Silence, LinkReason.Unreached(address, LinkReason.NobodyListens))
            { IsUnreached = true };
        }
        if (listener.Admit(hello).Refusal is { } refusal) throw new LinkException(refusal);
        var link = new ProcessLink(hello);
        listener.Accept(new ProcessChild(link));
        return await ProcessParent.AnsweredAsync(link, patience, cancel).ConfigureAwait(false);
    }

    private sealed class Listener(ProcessLinks links, NodeAddress address, Func<HelloFrame, Admission> admit,
        Action<IParentLink> accepted) : IProcessListener
    {
        public NodeAddress Address => address;

        public Admission Admit(HelloFrame hello) => admit(hello);

        public void Accept(IParentLink link) => accepted(link);

        public void Dispose() => links._listening.TryRemove(new(address, this));
    }
}

/// <summary>A node that listens for <see cref="ProcessLinks"/>; disposing it ends that.</summary>
public interface IProcessListener : IDisposable
{
    /// <summary>What others dial.</summary>
    NodeAddress Address { get; }
}
