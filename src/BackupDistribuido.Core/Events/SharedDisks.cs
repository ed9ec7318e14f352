using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Core.Events;

/// <summary>Which copies do not protect against the loss of a disk: several on one file system, or any on the tree's
/// own.</summary>
public static class SharedDisks
{
    /// <summary>A sentence for each file system that holds more than one of the tree and its copies; equal disk texts
    /// are one file system.</summary>
    public static IEnumerable<Reason> Describe(IEnumerable<(NodeName Name, string Disk)> copies, string sourceDisk)
    {
        foreach (var disk in copies.GroupBy(copy => copy.Disk, StringComparer.Ordinal))
        {
            var names = string.Join(", ", disk.Select(copy => copy.Name));
            var one = disk.Count() == 1;
            if (disk.Key == sourceDisk)
                yield return one ? RootReason.OneOnSourceDisk(names) : RootReason.SeveralOnSourceDisk(names);
            else if (!one) yield return RootReason.OnOneDisk(names);
        }
    }
}
