using Akka;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>The child's end of a link that is up. Safe from any thread.</summary>
public interface IChildEnd
{
    /// <summary>What is spoken on the link.</summary>
    LinkProfile Profile { get; }

    /// <summary>
    /// What the parent sends, to be materialised once. It completes behind SEAL when the parent has nothing more to
    /// say; a consumer that cancels it fails the link.
    /// </summary>
    Source<Parcel, NotUsed> Down { get; }

    /// <summary>
    /// Completes when DONE is sent and <see cref="Down"/> has completed; otherwise it fails with a
    /// <see cref="LinkException"/>, a <see cref="ProtocolException"/>, or what <see cref="Fail"/> was given, after the
    /// parent was told.
    /// </summary>
    Task Completion { get; }

    /// <summary>
    /// Queues a frame for the parent and returns at once. <paramref name="payload"/> must not change until it is sent.
    /// DONE is the last; after it, or when the link is over, frames are dropped.
    /// </summary>
    /// <exception cref="LinkException">The parent asked for more answers than it takes: the queue is full.</exception>
    void Send(Frame frame, ReadOnlyMemory<byte> payload = default);

    /// <summary>Ends the link for a reason of this node's; the parent is told.</summary>
    void Fail(ErrorCode code, Reason reason);
}
