namespace BackupDistribuido.Streams.Connections;

/// <summary>Why a connection did not become one between peers.</summary>
public enum HandshakeFault
{
    /// <summary>It speaks plain, and this node has a key.</summary>
    SpeaksPlain,
    /// <summary>It speaks TLS, and this node has no key.</summary>
    SpeaksTls,
    /// <summary>It shows another key, or none.</summary>
    AnotherKey,
    /// <summary>It was not done in time.</summary>
    TooSlow,
    /// <summary>Others came, and needed its place.</summary>
    PushedOut,
    /// <summary>This node stops.</summary>
    Stopping,
    /// <summary>It closed before it said anything: a node that was stopped, or somebody who only looked.</summary>
    WithoutAWord,
}

/// <summary>The handshake of a connection failed, at either side. Each plane has words of its own for the
/// fault.</summary>
public sealed class HandshakeException(HandshakeFault fault, Exception? cause = null)
    : Exception(cause?.Message ?? fault.ToString(), cause)
{
    /// <summary>Why.</summary>
    public HandshakeFault Fault => fault;

    /// <summary>The line that a side which speaks plain answered TLS with; empty: it said none.</summary>
    public ReadOnlyMemory<byte> Said { get; init; }
}
