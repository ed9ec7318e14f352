using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>A link that failed, as its run hears of it.</summary>
internal static class FailedLinks
{
    /// <summary>The link to <paramref name="child"/> failed so.</summary>
    public static FailedLink Of(NodeName child, Exception problem) =>
        new(child, Reason.Of(problem), problem is LinkException { IsUnreached: true });

    /// <summary>The same of a link that did not come up.</summary>
    public static FailedLink Of(FailedChild failed) => Of(failed.Child, failed.Problem);
}
