using System.Globalization;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Cli.Running;

/// <summary>Conditions that a process must meet before anything else is done in it.</summary>
internal static class ProcessStart
{
    /// <summary>The runtime alone needs some 150.</summary>
    private const int FewestOpenFiles = 256;

    /// <summary>
    /// Corrects what can be corrected; the program may restart itself. Returns the remaining problem, as a line for
    /// users; null: none.
    /// </summary>
    public static string? Prepare()
    {
        try
        {
            Inheritance.OpenMissingStreams();
        }
        catch (Exception e) when (e is PosixException or IOException or UnauthorizedAccessException)
        {
            return $"standard input, output or error is closed, and can't be replaced by /dev/null: {e.Message}";
        }
        Inheritance.LetOwnerUseNewFiles();
        return Inheritance.MostOpenFiles is < FewestOpenFiles and var most ? TooFewOpenFiles(most) : null;
    }

    private static string TooFewOpenFiles(long most) => string.Create(
        CultureInfo.InvariantCulture, $"this process may have {most} files open, and needs {FewestOpenFiles}: "
        + $"raise the limit (ulimit -n 1024; under systemd LimitNOFILE=1024)");
}
