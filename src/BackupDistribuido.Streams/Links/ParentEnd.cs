using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// The parent's end of a link: a branch's parcels go down, within <paramref name="limit"/> (null: as fast as they can),
/// the child's needs come up. Neither direction waits for the other.
/// </summary>
public sealed class ParentEnd(PeerConnection connection, LinkProfile profile, BufferPool pool,
    LinkDeadlines deadlines, WireLimit? limit = null)
{
    /// <summary>
    /// Runs the conversation after WELCOME and closes the connection. Completes when the child said DONE and both
    /// halves are closed; fails with a <see cref="LinkException"/>, <see cref="ProtocolException"/> or what the branch
    /// or <paramref name="heard"/> failed with, after telling the child.
    /// </summary>
    /// <param name="branch">What goes down; its completion ends the sending half.</param>
    /// <param name="heard">Gets NEED and DONE, in order, one at a time; the payload is valid during the call only. It
    /// must not block.</param>
    /// <param name="materializer">Runs both directions.</param>
    /// <param name="cancel">Cuts the link.</param>
    /// <param name="heardAlive">Called at each ALIVE, on the same thread as <paramref name="heard"/>; what it throws
    /// fails the link too.</param>
    public Task RunAsync(
        Source<Parcel, NotUsed> branch, Action<Frame, ReadOnlyMemory<byte>> heard, IMaterializer materializer,
            CancellationToken cancel, Action? heardAlive = null)
    {
        var abort = KillSwitches.Shared("parent-end");
        var alive = profile.Version < 2 ? (TimeSpan?)null : deadlines.AlivePeriod;
        var isSealed = false;
        var down = branch
            .Select(parcel =>
            {
                Volatile.Write(ref isSealed, isSealed || parcel.Frames[^1].Frame is SealFrame);
                return parcel;
            })
            .Via(abort.Flow<Parcel>())
            .ToMaterialized(Sink.FromGraph(
                new ParcelSinkStage(connection, deadlines.Progress, limit, alive, profile.HasContent)), Keep.Right)
            .Run(materializer);
        var up = Source.FromGraph(new ParcelSourceStage(connection, Direction.Up, pool,
            new SilenceDeadline(deadlines.Silence), profile: profile))
            .Via(abort.Flow<Parcel>())
            .ToMaterialized(Sink.ForEach<Parcel>(parcel => Hear(parcel, heard, heardAlive)), Keep.Right)
            .Run(materializer);
        if (profile.Version >= 2) up = EndAsync(up, down);
        return LinkLife.RunAsync(connection, down, up, null, up, abort.Abort, deadlines, cancel,
            () => profile.Version >= 2 && Volatile.Read(ref isSealed) ? TimeSpan.Zero : null);
    }

    // A child that has said DONE has no use for it any more, but TLS wants its own end.
    private async Task<Done> EndAsync(Task<Done> heard, Task said)
    {
        var done = await heard.ConfigureAwait(false);
        // Before SEAL it was out of order; LinkLife says so.
        if (!said.IsCompletedSuccessfully) return done;
        using var limit = new CancellationTokenSource(LastLine.Patience);
        try
        {
            await connection.CloseWritingAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // All was said.
        }
        return done;
    }

    private static void Hear(Parcel parcel, Action<Frame, ReadOnlyMemory<byte>> heard, Action? alive)
    {
        try
        {
            foreach (var slice in parcel.Frames)
            {
                if (slice.Frame is AliveFrame) alive?.Invoke();
                else heard(slice.Frame, parcel.Payload(slice));
            }
        }
        finally
        {
            parcel.Release();
        }
    }
}
