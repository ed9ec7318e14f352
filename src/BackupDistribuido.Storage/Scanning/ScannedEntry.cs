using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>An entry as a scan has met it.</summary>
/// <param name="HasSoundStamp">Its file system changes a file's change time whenever its content changes: the same
/// stamp is the same content. False: only reading it tells.</param>
/// <param name="IsMountPoint">A directory below the root that something is mounted on, or that is on another device
/// than the one above it.</param>
public readonly record struct ScannedEntry(Entry Entry, bool HasSoundStamp, bool IsMountPoint);
