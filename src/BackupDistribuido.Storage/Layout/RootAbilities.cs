using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Storage.Layout;

/// <summary>What a ROOT's file system can hold, tried out there before anything is copied.</summary>
/// <param name="Lacks">The kinds of things that it can't hold.</param>
/// <param name="TellsCaseApart">Whether <c>A</c> and <c>a</c> are two names.</param>
/// <param name="KeepsNames">Whether names that others are known to alter are listed as they were given.</param>
/// <param name="MaxFileBytes">The length of the longest file that it can hold.</param>
public sealed record RootAbilities(ReplicaLimits Lacks, bool TellsCaseApart, long MaxFileBytes, bool KeepsNames = true)
{
    private const long NobodysFile = 1L << 43; // 8 TiB: ext4 holds files of 16, and is nothing to warn of

    /// <summary>In a sentence each, what a person should know before copying; none where it holds everything.</summary>
    /// <param name="root">The ROOT's path.</param>
    public IEnumerable<string> Describe(string root)
    {
        if (Lacks != ReplicaLimits.None) yield return $"ROOT {root} is on a file system that can't hold the {new ReplicaShortfall(Lacks, 0)} of a tree: the manifests of its copies have them, the copies don't";
        if (!TellsCaseApart) yield return $"ROOT {root} is on a file system that takes names for one that differ in case only: of two such names in a tree its copies have the first only";
        if (!KeepsNames) yield return $"ROOT {root} is on a file system that stores some names as others: entries with such names will be missing in its copies";
        if (MaxFileBytes < NobodysFile) yield return $"ROOT {root} is on a file system that holds files of up to {Quantity.Bytes(MaxFileBytes)}: it can't hold a tree that has a larger one";
    }
}
