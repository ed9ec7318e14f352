using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>The greetings of the control plane, over a connection whose TLS is done.</summary>
internal static class CarrierHandshake
{
    /// <summary>How long a stranger may take to become a peer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <summary>The coordinator's side: returns the token that the node gave itself.</summary>
    /// <exception cref="CarrierRefusedException">It is no node of this cluster.</exception>
    /// <param name="isFree">Whether the peer may have that token.</param>
    public static async Task<string> AcceptAsync(
        PeerConnection connection, CancellationToken cancel, Func<string, bool> isFree)
    {
        var line = await CarrierGreeting.ReadLineAsync(connection, cancel).ConfigureAwait(false);
        if (!CarrierGreeting.TryParse(line, out var token, out var error))
            throw new CarrierRefusedException(error) { IsTold = true };
        if (token == ControlAddress.Coordinator.Host)
            throw new CarrierRefusedException("it gave itself the coordinator's name") { IsTold = true };
        if (!isFree(token)) throw new CarrierRefusedException("it gave itself another node's name") { IsTold = true };
        var hello = CarrierGreeting.Hello(ControlAddress.Coordinator.Host!);
        await connection.WriteAsync([hello], null, cancel).ConfigureAwait(false);
        return token;
    }

    /// <summary>The node's side.</summary>
    /// <exception cref="CarrierRefusedException">What answers is no coordinator of this cluster.</exception>
    public static async Task<PeerConnection> DialAsync(
        PeerConnection connection, string token, CancellationToken cancel)
    {
        try
        {
            await connection.WriteAsync([CarrierGreeting.Hello(token)], null, cancel).ConfigureAwait(false);
            var line = await CarrierGreeting.ReadLineAsync(connection, cancel).ConfigureAwait(false);
            if (!CarrierGreeting.TryParse(line, out var name, out var error)) throw new CarrierRefusedException(error);
            if (name == ControlAddress.Coordinator.Host) return connection;
            throw new CarrierRefusedException("it is a node, but no coordinator");
        }
        catch (Exception e) when (e is not (CarrierRefusedException or OperationCanceledException))
        {
            throw new CarrierRefusedException(Reason(e), e);
        }
    }

    /// <summary>Why there is no carrier, for people.</summary>
    public static string Reason(Exception why) => why switch
    {
        CarrierRefusedException refused => refused.Message,
        HandshakeException { Fault: HandshakeFault.SpeaksTls } =>
            "it has a key, and this coordinator has none: start both with the same key file, or both without",
        HandshakeException { Fault: HandshakeFault.SpeaksPlain, Said.IsEmpty: true } =>
            "it speaks plain, and this coordinator wants the cluster's key: start it with --key",
        HandshakeException { Fault: HandshakeFault.SpeaksPlain or HandshakeFault.AnotherKey } =>
            "it does not have this cluster's key (it has another one, or none): start both with the same key file",
        HandshakeException { Fault: HandshakeFault.TooSlow } =>
            $"it did not greet within {Deadline.TotalSeconds:0} s",
        HandshakeException { Fault: HandshakeFault.PushedOut } => "it was silent, and others needed its place",
        _ => "the connection broke off during the greeting",
    };
}
