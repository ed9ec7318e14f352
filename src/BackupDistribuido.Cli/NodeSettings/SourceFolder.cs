using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>The directory that is to be protected.</summary>
internal static class SourceFolder
{
    /// <summary>Refuses a SOURCE that is not a directory, before anything is started or created.</summary>
    public static void Check(string source)
    {
        if (Directory.Exists(source)) return;
        throw CommandFailure.Usage(File.Exists(source)
            ? SourceReason.NotAFolder(source)
            : SourceReason.Missing(source));
    }
}
