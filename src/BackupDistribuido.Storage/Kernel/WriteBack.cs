namespace BackupDistribuido.Storage.Kernel;

/// <summary>
/// When the kernel writes back pages that were changed in memory. This matters for knowing whether a file is unchanged:
/// the first write through a mapping (mmap) changes the file's times, further ones to the same page don't, until the
/// page was written back.
/// </summary>
internal static class WriteBack
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(35), Margin = TimeSpan.FromSeconds(10);

    /// <summary>Without a period the kernel writes back when it wants memory only.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    /// <summary>How long a page usually stays changed at most, with a margin; at least 45 s.</summary>
    public static TimeSpan Longest { get; } = Of(KernelSetting.Read("/proc/sys/vm/dirty_expire_centisecs"),
        KernelSetting.Read("/proc/sys/vm/dirty_writeback_centisecs"));

    /// <summary>The same by the kernel's two settings, in hundredths of a second; null: they can't be read.</summary>
    internal static TimeSpan Of(long? expiry, long? period)
    {
        if (period == 0) return Never;
        var said = TimeSpan.FromMilliseconds(10.0 * Math.Min((expiry ?? 3000) + (period ?? 500), 8_640_000));
        return (said > Usual ? said : Usual) + Margin;
    }
}
