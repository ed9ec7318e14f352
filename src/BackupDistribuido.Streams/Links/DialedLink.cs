using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>A link over a connection, at its parent (<see cref="ParentEnd"/>). It owns the connection.</summary>
public sealed record DialedLink(WelcomeFrame Welcome, PeerConnection Connection) : IChildLink
{
    private Heartbeat? _waiting;

    /// <summary>Says ALIVE until the link is run or cut: other links may have to be waited for.</summary>
    /// <param name="cancel">It is neither run nor cut any more: it is closed.</param>
    public DialedLink Waiting(CancellationToken cancel)
    {
        _waiting ??= Heartbeat.Begin(Connection, Welcome.Profile, WireLimits.AlivePeriod, cancel);
        return this;
    }

    /// <inheritdoc/>
    public WireUse Sent => Connection.Sent;

    /// <inheritdoc/>
    public async Task RunAsync(Source<Parcel, NotUsed> branch, Action<Frame, ReadOnlyMemory<byte>> heard,
        LinkTerms terms, IMaterializer materializer, CancellationToken cancel, Action? alive = null)
    {
        // Its last line may wait for a child that takes nothing; then the first write of the link finds that out.
        if (_waiting is not null)
            await Task.WhenAny(_waiting.EndAsync(), Task.Delay(terms.Deadlines.Progress, cancel)).ConfigureAwait(false);
        await new ParentEnd(Connection, Welcome.Profile, terms.Buffers, terms.Deadlines, terms.Limit)
            .RunAsync(branch, heard, materializer, cancel, alive).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Cut(ErrorFrame? why = null) =>
        _ = CutAsync(why ?? new ErrorFrame(ErrorCode.Stopping, LinkReason.GivenUp));

    private async Task CutAsync(ErrorFrame why)
    {
        // A sign of life that is under way ends first; a child that does not take it hears nothing more.
        if (_waiting is not null) await Task.WhenAny(_waiting.EndAsync(), Task.Delay(LastLine.Patience))
            .ConfigureAwait(false);
        await LastLine.SayAsync(Connection, FrameWriter.Header(why)).ConfigureAwait(false);
    }
}
