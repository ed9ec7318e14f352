using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>One of the associations that share a <see cref="Carrier"/>, as Akka sees it.</summary>
internal sealed class CarrierAssociation(Carrier carrier, uint id, Address local, Address remote, TimeProvider clock)
    : AssociationHandle(local, remote)
{
    // Akka registers its listener as soon as it learns of an association; one that never comes must not hold up the
    // others for ever.
    private static readonly TimeSpan ListenerWait = TimeSpan.FromSeconds(5);

    public uint Id => id;

    public override bool Write(ByteString payload) =>
        carrier.TrySend(new CarrierFrame(CarrierFrameKind.Data, id, payload));

    // Akka calls the obsolete member through its replacement; it is the only one that can be overridden.
#pragma warning disable CS0672
    public override void Disassociate() => carrier.Close(this);
#pragma warning restore CS0672

    /// <summary>Waits until Akka has taken the association. One that the other side opened is waited for before
    /// anything else is read from it.</summary>
    public Task<IHandleEventListener> TakenAsync() => ReadHandlerSource.Task.WaitAsync(ListenerWait, clock);

    public async ValueTask DeliverAsync(ByteString payload)
    {
        var listener = await TakenAsync().ConfigureAwait(false);
        listener.Notify(new InboundPayload(payload));
    }

    public void Ended() => ReadHandlerSource.Task.ContinueWith(
        static listener => listener.Result.Notify(new Disassociated(DisassociateInfo.Unknown)),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    // Akka compares handles by their addresses, which are the same for every association of two systems.
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => HashCode.Combine(carrier, id);
}
