using Akka.Actor;
using Akka.Event;
using BackupDistribuido.Actors.Carriers;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>Creates the error for a refused message, and logs it: once a minute for each peer and reason.</summary>
internal sealed class RefusedMessages(ExtendedActorSystem system)
{
    private const int MaxShown = 64;

    // Akka makes its serializers before there is a log.
    private readonly Lazy<RefusalLog> _log =
        new(() => new RefusalLog(Logging.GetLogger(system, typeof(RefusedMessages))));

    /// <summary>The error for an incoming message.</summary>
    public RefusedMessageException Incoming(string manifest, string why, Exception? cause = null)
    {
        var reason = $"'{(manifest.Length <= MaxShown ? manifest : manifest[..MaxShown] + "…")}' {why}";
        _log.Value.Warn("Refused a message from {Peer}: {Reason}", Peer(), reason);
        return new RefusedMessageException(reason, cause);
    }

    /// <summary>The error for an outgoing message: a bug of ours.</summary>
    public RefusedMessageException Outgoing(object message)
    {
        var reason = $"{message.GetType()} is no message that nodes exchange";
        _log.Value.Warn("Did not send a message of {System}: {Reason}", system.Name, reason);
        return new RefusedMessageException(reason);
    }

    // Akka reads on an actor whose name has the peer's address in it, URL-encoded; it hands a serializer nothing else
    // about the peer.
    private static string Peer()
    {
        var reader = Uri.UnescapeDataString(ActorCell.GetCurrentSelfOrNoSender()?.Path.Parent.Name ?? "");
        var at = reader.IndexOf("://", StringComparison.Ordinal);
        return at < 0 ? "a peer" : reader[(at + "://".Length)..];
    }
}
