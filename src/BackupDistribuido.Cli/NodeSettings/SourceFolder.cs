using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>The directory that is to be protected.</summary>
internal static class SourceFolder
{
    /// <summary>Refuses a SOURCE that is no directory, before anything is started or created.</summary>
    public static void Check(string source)
    {
        if (Directory.Exists(source)) return;
        throw CommandFailure.Usage(File.Exists(source)
            ? $"SOURCE {source} is not a directory; give the directory that holds it"
            : $"SOURCE {source} does not exist, or may not be entered; give a directory that this user can read");
    }
}
