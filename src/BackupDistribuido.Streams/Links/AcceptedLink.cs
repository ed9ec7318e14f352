using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>A link over a connection that a parent made and whose greeting was admitted (<see cref="ChildEnd"/>). It
/// owns the connection.</summary>
public sealed record AcceptedLink(HelloFrame Hello, PeerConnection Connection) : IParentLink
{
    /// <inheritdoc/>
    public string From => Connection.Remote.ToString()!;

    /// <inheritdoc/>
    public bool IsProven => false;

    /// <inheritdoc/>
    public async Task<IChildEnd> OpenAsync(WelcomeFrame welcome, LinkTerms terms, Func<bool>? owed,
        CancellationToken cancel) =>
        await ChildEnd.OpenAsync(this, welcome, terms.Buffers, terms.Deadlines, owed, cancel, terms.Limit)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public Task RefuseAsync(ErrorCode code, Reason reason) => ChildEnd.RefuseAsync(this, code, reason);
}
