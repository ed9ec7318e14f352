namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// The error numbers that this code distinguishes, as on Linux x64 and arm64 (<c>errno(3)</c>). Any other number may
/// occur as a value.
/// </summary>
public enum Errno
{
    /// <summary>The call succeeded.</summary>
    None = 0,
    /// <summary>Not permitted, whatever the mode; also: this file system has no such kind of file.</summary>
    NotPermitted = 1,
    /// <summary>No such file or directory.</summary>
    NoEntry = 2,
    /// <summary>Interrupted by a signal.</summary>
    Interrupted = 4,
    /// <summary>The device failed.</summary>
    InputOutput = 5,
    /// <summary>No such device or address (opening a socket; no data behind an offset).</summary>
    NoSuchDevice = 6,
    /// <summary>A list, here of extended attributes, is too long.</summary>
    TooBig = 7,
    /// <summary>Would block: another process holds the lock.</summary>
    TryAgain = 11,
    /// <summary>Out of memory.</summary>
    NoMemory = 12,
    /// <summary>Permission denied.</summary>
    AccessDenied = 13,
    /// <summary>In use: a mount point, an open file.</summary>
    Busy = 16,
    /// <summary>It exists already.</summary>
    Exists = 17,
    /// <summary>On another device, or outside the directory that it must stay in.</summary>
    CrossDevice = 18,
    /// <summary>Not a directory.</summary>
    NotDirectory = 20,
    /// <summary>Is a directory.</summary>
    IsDirectory = 21,
    /// <summary>An argument that the system or this file system does not know.</summary>
    Invalid = 22,
    /// <summary>Too many open files in the system.</summary>
    TooManyOpenInSystem = 23,
    /// <summary>Too many open files in this process.</summary>
    TooManyOpen = 24,
    /// <summary>No space is left.</summary>
    NoSpace = 28,
    /// <summary>The file system is read-only.</summary>
    ReadOnly = 30,
    /// <summary>The file has as many names as it can have.</summary>
    TooManyLinks = 31,
    /// <summary>The buffer is too small.</summary>
    Range = 34,
    /// <summary>A name, or a path, is too long.</summary>
    NameTooLong = 36,
    /// <summary>The kernel does not know the call.</summary>
    NoSystemCall = 38,
    /// <summary>The directory is not empty.</summary>
    NotEmpty = 39,
    /// <summary>A symbolic link where none may be followed.</summary>
    Loop = 40,
    /// <summary>There is no such extended attribute.</summary>
    NoData = 61,
    /// <summary>Bytes that are invalid in the encoding of names in this file system.</summary>
    IllegalSequence = 84,
    /// <summary>This file system can't do that.</summary>
    NotSupported = 95,
    /// <summary>A stale file handle of a network file system.</summary>
    Stale = 116,
    /// <summary>This user's or group's share of the disk is used up.</summary>
    OverQuota = 122,
}
