using System.Net;
using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>The data plane's greeting: HELLO or CALL, judged by the reception; whoever is sent away gets one ERROR
/// line.</summary>
internal sealed class LinkGreeter(LinkReception reception) : IGreeter
{
    public async Task GreetAsync(PeerConnection connection, CancellationToken cancel)
    {
        switch (await Greetings.ReadFirstAsync(connection, cancel).ConfigureAwait(false))
        {
            case CallFrame call:
                Judge(connection, call.Node);
                // A child calls until its parent has the plan too: that is nobody's fault, and nothing to be told of.
                if (reception.AdmitCall(call).Refusal is { } early)
                    throw new NotAdmittedException(early, isNews: early.Code is not (ErrorCode.Run or ErrorCode.Epoch));
                reception.Called(call, connection);
                break;
            case HelloFrame hello:
                Judge(connection, hello.From);
                if (reception.Admit(hello).Refusal is { } refusal)
                    throw new NotAdmittedException(refusal, isNews: true);
                reception.Accepted(new AcceptedLink(hello, connection));
                break;
        }
    }

    public ReadOnlyMemory<byte> Refuse(IPEndPoint remote, Exception why)
    {
        if (why is HandshakeException { Fault: HandshakeFault.WithoutAWord }) return default;
        var told = ReplyTo(why);
        if (why is not NotAdmittedException { IsNews: false })
            reception.Refused(new LinkRefusal(remote, told.Code, told.Reason));
        return FrameWriter.Header(told);
    }

    public void CouldNotAccept(SocketException why)
    {
        // The next try may find a descriptor.
    }

    // Before anything of the greeting counts: nobody greets as another node.
    private static void Judge(PeerConnection connection, NodeName claimed)
    {
        if (connection.Peer.WhyNot(claimed) is { } why)
            throw new NotAdmittedException(new ErrorFrame(ErrorCode.Key, why), isNews: true);
    }

    private ErrorFrame ReplyTo(Exception why) => why switch
    {
        NotAdmittedException refused => refused.Reply,
        HandshakeException handshake => ReplyTo(handshake),
        ProtocolException protocol => new ErrorFrame(protocol.Code, protocol.Reason),
        LinkException link => new ErrorFrame(link.Code, link.Reason),
        _ => new ErrorFrame(ErrorCode.Truncated, Reason.Of(why)),
    };

    private ErrorFrame ReplyTo(HandshakeException why) => why.Fault switch
    {
        HandshakeFault.SpeaksPlain =>
            new ErrorFrame(ErrorCode.Key, LinkReason.TlsHere),
        HandshakeFault.SpeaksTls =>
            new ErrorFrame(ErrorCode.Key, LinkReason.PlainHere),
        HandshakeFault.AnotherKey => new ErrorFrame(
            ErrorCode.Key, LinkReason.HandshakeFailed(Reason.Of(why))),
        HandshakeFault.PushedOut => new ErrorFrame(ErrorCode.Busy, LinkReason.Busy),
        HandshakeFault.Stopping => new ErrorFrame(ErrorCode.Stopping, LinkReason.Leaving),
        _ => new ErrorFrame(
            ErrorCode.Silence, LinkReason.NotGreeted(reception.GreetingTime)),
    };

    /// <summary>The greeting is understood, and the link not wanted.</summary>
    private sealed class NotAdmittedException(ErrorFrame told, bool isNews) : Exception(told.Reason.ToString())
    {
        public ErrorFrame Reply => told;

        /// <summary>Whether the owner is to hear of it.</summary>
        public bool IsNews => isNews;
    }
}
