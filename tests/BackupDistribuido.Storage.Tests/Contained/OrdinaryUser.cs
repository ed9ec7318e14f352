using System.Runtime.InteropServices;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>Takes from the calling thread alone what root may and others may not: to read and write what its mode
/// forbids.</summary>
internal static unsafe partial class OrdinaryUser
{
    private const uint Version3 = 0x20080522;

    /// <summary>Gives up CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, for as long as the thread lives.</summary>
    public static void Become()
    {
        const uint overridesModes = (1u << 1) | (1u << 2);
        var header = stackalloc uint[] { Version3, 0 };
        // Two times effective, permitted, inheritable: capabilities 0 to 31, then the others.
        var sets = stackalloc uint[6];
        Assert.Equal(0, capget(header, sets));
        sets[0] &= ~overridesModes;
        Assert.Equal(0, capset(header, sets));
    }

    [LibraryImport("libc")]
    private static partial int capget(uint* header, uint* sets);

    [LibraryImport("libc")]
    private static partial int capset(uint* header, uint* sets);
}
