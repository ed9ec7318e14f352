using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;

namespace BackupDistribuido.Storage.Layout;

/// <summary>What a ROOT's file system can hold, probed there before anything is copied.</summary>
/// <param name="Lacks">The kinds of things that it can't hold.</param>
/// <param name="TellsCaseApart">Whether <c>A</c> and <c>a</c> are two names.</param>
/// <param name="KeepsNames">Whether names that others are known to alter are listed as they were given.</param>
/// <param name="MaxFileBytes">The length of the longest file that it can hold.</param>
public sealed record RootAbilities(ReplicaLimits Lacks, bool TellsCaseApart, long MaxFileBytes, bool KeepsNames = true)
{
    private const long NobodysFile = 1L << 43; // 8 TiB: ext4 holds files of 16, and is nothing to warn of

    /// <summary>One sentence for each limit that a user should know before copying; empty if it holds
    /// everything.</summary>
    /// <param name="root">The ROOT's path.</param>
    public IEnumerable<Reason> Describe(string root)
    {
        if (Lacks != ReplicaLimits.None)
            yield return RootReason.CantHold(root, new ReplicaShortfall(Lacks, 0).ToString());
        if (!TellsCaseApart) yield return RootReason.FoldsCase(root);
        if (!KeepsNames) yield return RootReason.ChangesNames(root);
        if (MaxFileBytes < NobodysFile) yield return RootReason.LimitsFiles(root, MaxFileBytes);
    }
}
