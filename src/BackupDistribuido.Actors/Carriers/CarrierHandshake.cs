using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The greetings of the control plane, over a connection whose TLS is done.</summary>
internal static class CarrierHandshake
{
    /// <summary>How long a stranger may take to become a peer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <summary>The coordinator's side: returns the token that the node gave itself.</summary>
    /// <exception cref="CarrierRefusedException">The peer is not a node of this cluster.</exception>
    /// <param name="isFree">Whether the peer may have that token.</param>
    public static async Task<string> AcceptAsync(
        PeerConnection connection, CancellationToken cancel, Func<string, bool> isFree)
    {
        var line = await CarrierGreeting.ReadLineAsync(connection, cancel).ConfigureAwait(false);
        if (!CarrierGreeting.TryParse(line, out var token, out var error))
            throw new CarrierRefusedException(error) { IsTold = true };
        if (token == ControlAddress.Coordinator.Host)
            throw new CarrierRefusedException(ControlReason.CoordinatorsName) { IsTold = true };
        if (!isFree(token)) throw new CarrierRefusedException(ControlReason.OtherNodesName) { IsTold = true };
        var hello = CarrierGreeting.Hello(ControlAddress.Coordinator.Host!);
        await connection.WriteAsync([hello], null, cancel).ConfigureAwait(false);
        return token;
    }

    /// <summary>The node's side.</summary>
    /// <exception cref="CarrierRefusedException">The peer is not a coordinator of this cluster.</exception>
    public static async Task<PeerConnection> DialAsync(
        PeerConnection connection, string token, CancellationToken cancel)
    {
        try
        {
            await connection.WriteAsync([CarrierGreeting.Hello(token)], null, cancel).ConfigureAwait(false);
            var line = await CarrierGreeting.ReadLineAsync(connection, cancel).ConfigureAwait(false);
            if (!CarrierGreeting.TryParse(line, out var name, out var error)) throw new CarrierRefusedException(error);
            if (name == ControlAddress.Coordinator.Host) return connection;
            throw new CarrierRefusedException(ControlReason.NoCoordinator);
        }
        catch (Exception e) when (e is not (CarrierRefusedException or OperationCanceledException))
        {
            throw new CarrierRefusedException(ReasonOf(e), e);
        }
    }

    /// <summary>Why there is no carrier, as a text for users.</summary>
    public static Reason ReasonOf(Exception why) => why switch
    {
        CarrierRefusedException refused => refused.Reason,
        HandshakeException { Fault: HandshakeFault.SpeaksTls } =>
            ControlReason.KeyOnlyThere,
        HandshakeException { Fault: HandshakeFault.SpeaksPlain, Said.IsEmpty: true } =>
            ControlReason.KeyOnlyHere,
        HandshakeException { Fault: HandshakeFault.SpeaksPlain or HandshakeFault.AnotherKey } =>
            ControlReason.OtherKey,
        HandshakeException { Fault: HandshakeFault.TooSlow } =>
            ControlReason.NotGreeted(Deadline),
        HandshakeException { Fault: HandshakeFault.PushedOut } => LinkReason.PushedOut,
        _ => ControlReason.BrokenGreeting,
    };
}
