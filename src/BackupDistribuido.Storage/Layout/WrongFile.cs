using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Layout;

/// <summary>
/// A stored file that was read and differs from a manifest. The damage is the inode's: each snapshot that has the same
/// one under the same path is damaged too.
/// </summary>
/// <param name="Path">Its path in the snapshot where it was found.</param>
/// <param name="Inode">Its number on the file system of the ROOT.</param>
/// <param name="Fault">What is wrong with it.</param>
public readonly record struct WrongFile(TreePath Path, ulong Inode, EntryFault Fault);
