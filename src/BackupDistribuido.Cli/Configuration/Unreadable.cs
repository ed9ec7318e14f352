namespace BackupDistribuido.Cli.Configuration;

/// <summary>Why a file that its owner named can't be read.</summary>
internal static class Unreadable
{
    /// <summary>The reason in plain words, from what reading it has thrown.</summary>
    public static string Why(string path, Exception problem) =>
        problem is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
        : Directory.Exists(path) ? "it is a folder"
        : problem is UnauthorizedAccessException ? "reading it is not permitted" : problem.Message;
}
