using System.Runtime.Serialization;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>
/// A message is none that nodes exchange, or its text is malformed. Akka drops the message and keeps the association:
/// it does so for this kind of exception.
/// </summary>
public sealed class RefusedMessageException(string message, Exception? cause = null)
    : SerializationException(message, cause);
