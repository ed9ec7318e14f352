using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// A link as its parent has it: it is up, for the child has answered. It belongs to the one that gets it, which runs it
/// once, or cuts it.
/// </summary>
public interface IChildLink
{
    /// <summary>The child's answer; its profile is what is spoken on the link.</summary>
    WelcomeFrame Welcome { get; }

    /// <summary>What has gone to the child by now, and how long something was on its way.</summary>
    WireUse Sent { get; }

    /// <summary>
    /// Runs the conversation after WELCOME and ends the link. Neither direction waits for the other. Completes when the
    /// child said DONE and has taken all; fails with a <see cref="LinkException"/>, a <see cref="ProtocolException"/>
    /// or what the branch or <paramref name="heard"/> failed with, after the child was told.
    /// </summary>
    /// <param name="branch">What goes down. Nothing is read ahead of it but what is on its way: a child that takes
    /// nothing keeps it waiting.</param>
    /// <param name="heard">Gets NEED and DONE, in order, one at a time; the payload is valid during the call only. It
    /// must not block.</param>
    /// <param name="terms">What the node brings to it.</param>
    /// <param name="materializer">Runs the streams.</param>
    /// <param name="cancel">Cuts the link.</param>
    /// <param name="alive">Called again and again while the child lives, never at the same time as
    /// <paramref name="heard"/>; what it throws fails the link too.</param>
    Task RunAsync(Source<Parcel, NotUsed> branch, Action<Frame, ReadOnlyMemory<byte>> heard, LinkTerms terms,
        IMaterializer materializer, CancellationToken cancel, Action? alive = null);

    /// <summary>Gives up a link that was never run. The child is told <paramref name="why"/>; null: that this node has
    /// no use for it. Nobody waits for that.</summary>
    void Cut(ErrorFrame? why = null);
}
