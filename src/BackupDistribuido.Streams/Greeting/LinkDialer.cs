using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>Makes links: to children, and, where a child has to dial, to its parent.</summary>
public static class LinkDialer
{
    /// <summary>
    /// Connects, greets, and waits for the child's WELCOME: only then is the link up (a client's TLS handshake succeeds
    /// before the server has judged the certificate). All of it within <paramref name="limit"/> (null:
    /// <see cref="WireLimits.GreetingTime"/>).
    /// </summary>
    /// <exception cref="LinkException">The child can't be reached, is silent, has another key, refuses, or is something
    /// else than a child.</exception>
    public static async Task<DialedLink> DialAsync(
        NodeAddress address, HelloFrame hello, ClusterKey? key, CancellationToken cancel, TimeSpan? limit = null)
    {
        var connection =
            await ConnectAsync(address, key, cancel, limit ?? WireLimits.GreetingTime).ConfigureAwait(false);
        return await GreetAsync(connection, hello, address.ToString(), cancel, limit, key is not null)
            .ConfigureAwait(false);
    }

    /// <summary>Greets a child over a connection that is there, which is this method's from now on, and waits for its
    /// WELCOME, within <paramref name="limit"/>.</summary>
    /// <param name="who">How the child is called in what is thrown.</param>
    /// <exception cref="LinkException">As <see cref="DialAsync"/>.</exception>
    public static async Task<DialedLink> GreetAsync(PeerConnection connection, HelloFrame hello, string who,
        CancellationToken cancel, TimeSpan? limit = null, bool secured = false)
    {
        var patience = limit ?? WireLimits.GreetingTime;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(patience);
        try
        {
            Judge(connection, hello.To);
            await connection.WriteAsync(hello, deadline.Token).ConfigureAwait(false);
            var welcome =
                await Greetings.ReadAsync<WelcomeFrame>(connection, Direction.Up, deadline.Token).ConfigureAwait(false);
            if (welcome.Run != hello.Run || welcome.Epoch != hello.Epoch || welcome.Node != hello.To)
            {
                throw new ProtocolException(ErrorCode.Order,
                    $"'{welcome.Node}' welcomes to epoch {welcome.Epoch} of run {welcome.Run}");
            }
            if (welcome.Profile.Version != hello.Profile.Version)
            {
                throw new ProtocolException(ErrorCode.Version,
                    $"'{welcome.Node}' welcomes in version {welcome.Profile.Version}");
            }
            return new DialedLink(welcome with { Profile = hello.Profile.With(welcome.Profile) }, connection);
        }
        catch (Exception e)
        {
            throw Ended(connection, e, who, patience, secured, cancel);
        }
    }

    /// <summary>
    /// For a child that dials its parent: connects, calls, and waits for the parent's HELLO. That comes when the parent
    /// begins its links, which may take as long as its plan stands: only <paramref name="cancel"/> ends the waiting.
    /// </summary>
    /// <exception cref="LinkException">The parent can't be reached, has another key, refuses, or is something else than
    /// a parent. It may be tried again.</exception>
    public static async Task<AcceptedLink> CallAsync(NodeAddress address, CallFrame call, ClusterKey? key,
        CancellationToken cancel)
    {
        var connection = await ConnectAsync(address, key, cancel, WireLimits.GreetingTime).ConfigureAwait(false);
        try
        {
            Judge(connection, call.Parent);
            await connection.WriteAsync(call, cancel).ConfigureAwait(false);
            return new AcceptedLink(await Greetings.ReadAsync<HelloFrame>(connection, Direction.Down, cancel)
                .ConfigureAwait(false), connection);
        }
        catch (Exception e)
        {
            throw Ended(connection, e, address.ToString(), WireLimits.GreetingTime, key is not null, cancel);
        }
    }

    private static async Task<PeerConnection> ConnectAsync(NodeAddress address, ClusterKey? key,
        CancellationToken cancel, TimeSpan patience)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(patience);
        var isUnreached = true;
        try
        {
            return await SecuredDialer.DialAsync(address, key, (connection, _) => Task.FromResult(connection),
                deadline.Token, connected: () => isUnreached = false).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            cancel.ThrowIfCancellationRequested();
            throw Explained(e, address.ToString(), patience, key is not null, isUnreached);
        }
    }

    /// <summary>A greeting that came to nothing: the other side is told why, unless it has said so itself, and the
    /// connection is closed. Nobody waits for that.</summary>
    /// <exception cref="OperationCanceledException">The plan is over.</exception>
    private static LinkException Ended(PeerConnection connection, Exception e, string who, TimeSpan patience,
        bool secured, CancellationToken cancel)
    {
        var why = Explained(e, who, patience, secured);
        var told = cancel.IsCancellationRequested ? new ErrorFrame(ErrorCode.Stopping, LinkReason.GivenUp)
            : new ErrorFrame(e is ProtocolException fault ? fault.Code : why.Code, why.Reason);
        if (why.IsFromPeer) connection.Dispose();
        else _ = LastLine.SayAsync(connection, FrameWriter.Header(told));
        cancel.ThrowIfCancellationRequested();
        return why;
    }

    private static LinkException Explained(Exception e, string address, TimeSpan patience, bool secured,
        bool isUnreached = false) => e switch
        {
            LinkException link => link,
            HandshakeException { Fault: HandshakeFault.SpeaksPlain } plain => Plain(plain, address),
            OperationCanceledException =>
                new LinkException(ErrorCode.Silence, LinkReason.NoAnswer(address, patience),
                    e)
                { IsUnreached = isUnreached },
            SocketException =>
                new LinkException(ErrorCode.Silence, LinkReason.Unreached(address, Reason.Of(e)),
                    e)
                { IsUnreached = isUnreached },
            ProtocolException { Code: not ErrorCode.Truncated } protocol =>
                new LinkException(protocol.Code, LinkReason.NotOurs(address, Reason.Of(e)), e),
            _ when secured => new LinkException(ErrorCode.Key, LinkReason.ClosedForKey(address, Reason.Of(e)), e),
            _ => new LinkException(ErrorCode.Truncated, LinkReason.Closed(address, Reason.Of(e)), e),
        };

    // Before it is greeted: the greeting has the plan's secret.
    private static void Judge(PeerConnection connection, NodeName wanted)
    {
        if (connection.Peer.WhyNot(wanted) is { } why)
            throw new LinkException(ErrorCode.Key, LinkReason.NotThatNode(connection.Remote, wanted, why));
    }

    // Its ERROR line, where it said one, tells more than that it has no TLS.
    private static LinkException Plain(HandshakeException plain, string address)
    {
        try
        {
            if (FrameReader.TryRead(plain.Said.Span, Direction.Up, out var frame, out _) && frame is ErrorFrame error)
                return new LinkException(error);
            return new LinkException(ErrorCode.Key, LinkReason.NotOurs(address, LinkReason.PlainThere), plain);
        }
        catch (ProtocolException e)
        {
            return new LinkException(e.Code, LinkReason.NotOurs(address, Reason.Of(e)), e);
        }
    }
}
