using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>A link over a connection, at its parent (<see cref="ParentEnd"/>). It owns the connection.</summary>
public sealed record DialedLink(WelcomeFrame Welcome, PeerConnection Connection) : IChildLink
{
    /// <inheritdoc/>
    public WireUse Sent => Connection.Sent;

    /// <inheritdoc/>
    public Task RunAsync(Source<Parcel, NotUsed> branch, Action<Frame, ReadOnlyMemory<byte>> heard, LinkTerms terms,
        IMaterializer materializer, CancellationToken cancel, Action? alive = null) =>
        new ParentEnd(Connection, terms.Buffers, terms.Deadlines, terms.Limit)
            .RunAsync(branch, heard, materializer, cancel, alive);

    /// <inheritdoc/>
    public void Cut() => Connection.Dispose();
}
