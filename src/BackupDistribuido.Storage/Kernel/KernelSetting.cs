using System.Globalization;

namespace BackupDistribuido.Storage.Kernel;

/// <summary>A number that the kernel says in a file below <c>/proc/sys</c>.</summary>
internal static class KernelSetting
{
    /// <summary>The number; null where it can't be read, or is negative.</summary>
    public static long? Read(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
