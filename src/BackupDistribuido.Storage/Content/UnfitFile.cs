using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>A file of a published snapshot that can't be given to others as its manifest says it is.</summary>
/// <param name="Path">Its path in the snapshot.</param>
/// <param name="Fault">What is wrong with it; null: no damage is known, but it can't be read just now, or not by this
/// user.</param>
/// <param name="Inode">Its number on the file system of the ROOT; null: it has none there, or the disk can't
/// say.</param>
/// <param name="Why">The system's answer, as a text for users; empty if it was read.</param>
public readonly record struct UnfitFile(TreePath Path, EntryFault? Fault, ulong? Inode, Reason Why)
{
    /// <summary>What it means for a stored file that it can't be opened or read; null: nothing.</summary>
    public static EntryFault? FaultOf(Errno errno) => errno switch
    {
        // Another program has a lease on it, or this user may not read it.
        Errno.TryAgain or Errno.AccessDenied or Errno.NotPermitted => null,
        Errno.NoEntry => EntryFault.Missing,
        Errno.Loop or Errno.NotDirectory or Errno.IsDirectory or Errno.NoSuchDevice => EntryFault.OtherKind,
        _ => errno.IsShortage() ? null : EntryFault.Unreadable,
    };
}
