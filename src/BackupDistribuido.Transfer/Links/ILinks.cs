using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Links;

/// <summary>How a node makes links to its children.</summary>
public interface ILinks
{
    /// <summary>Whether what goes over them is proven where it is read; see <see cref="IParentLink.IsProven"/>.
    /// </summary>
    bool AreProven { get; }

    /// <summary>Greets whoever listens at <paramref name="address"/> and waits for its WELCOME: only then is the link
    /// up.</summary>
    /// <param name="patience">How long all of it may take.</param>
    /// <exception cref="LinkException">The child can't be reached, is silent, refuses, or is something else than a
    /// child.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<IChildLink> DialAsync(NodeAddress address, HelloFrame hello, TimeSpan patience, CancellationToken cancel);
}
