using System.Runtime.InteropServices;

namespace BackupDistribuido.Storage.Posix;

/// <summary>Flags of <c>openat(2)</c>. Their numbers differ between processors, so they are mapped by
/// <see cref="OpenFlagsNumbers"/>.</summary>
[Flags]
internal enum OpenFlags
{
    Read = 0,
    Write = 1,
    ReadWrite = 2,
    Create = 4,
    Exclusive = 8,
    Directory = 16,
    NoFollow = 32,
    NonBlocking = 64,
    /// <summary>O_PATH: holds the thing itself, a link too, and opens nothing of it.</summary>
    PathOnly = 128,
    Append = 256,
    /// <summary>O_NOATIME: reading does not change the access time. Only its owner and root may ask for that.</summary>
    NoAccessTime = 512,
}

/// <summary>The numbers that this kernel knows the flags by.</summary>
internal static class OpenFlagsNumbers
{
    /// <summary>O_NOCTTY.</summary>
    public const int NoTerminal = 0x100;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64
        or Architecture.Arm;

    /// <summary>The flags as a number, always with O_CLOEXEC and O_NOCTTY: no child inherits a file, no terminal
    /// becomes ours.</summary>
    public static int ToNumber(this OpenFlags flags)
    {
        var number = 0x80000 | NoTerminal | (int)(flags & (OpenFlags.Write | OpenFlags.ReadWrite));
        if (flags.HasFlag(OpenFlags.Create)) number |= 0x40;
        if (flags.HasFlag(OpenFlags.Exclusive)) number |= 0x80;
        if (flags.HasFlag(OpenFlags.NonBlocking)) number |= 0x800;
        if (flags.HasFlag(OpenFlags.Append)) number |= 0x400;
        if (flags.HasFlag(OpenFlags.Directory)) number |= IsArm ? 0x4000 : 0x10000;
        if (flags.HasFlag(OpenFlags.NoFollow)) number |= IsArm ? 0x8000 : 0x20000;
        if (flags.HasFlag(OpenFlags.PathOnly)) number |= 0x200000;
        if (flags.HasFlag(OpenFlags.NoAccessTime)) number |= 0x40000;
        return number;
    }
}
