using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// A link as it is offered to a child: the parent has greeted, and is admitted. It belongs to the one that gets it,
/// which answers it once.
/// </summary>
public interface IParentLink
{
    /// <summary>The parent's greeting.</summary>
    HelloFrame Hello { get; }

    /// <summary>Where the parent is, for logs.</summary>
    string From { get; }

    /// <summary>
    /// Whether what comes is in the very memory in which its sender hashes it on the way, and the end of each file says
    /// that hash: then nobody needs to hash it again.
    /// </summary>
    bool IsProven { get; }

    /// <summary>Answers with WELCOME and begins the conversation.</summary>
    /// <param name="welcome">The answer.</param>
    /// <param name="terms">What the node brings to it.</param>
    /// <param name="owed">In version 1: does the parent owe anything just now? While it does, its silence has the
    /// progress deadline. Null: never.</param>
    /// <param name="cancel">Cuts the link.</param>
    /// <exception cref="LinkException">The parent is gone or takes nothing.</exception>
    Task<IChildEnd> OpenAsync(WelcomeFrame welcome, LinkTerms terms, Func<bool>? owed, CancellationToken cancel);

    /// <summary>Turns the parent away after all, and tells it why. Never fails.</summary>
    Task RefuseAsync(ErrorCode code, Reason reason);
}
