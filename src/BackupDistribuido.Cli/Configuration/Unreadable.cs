using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>Why a file that its owner named can't be read.</summary>
internal static class Unreadable
{
    /// <summary>The reason in plain words, from what reading it has thrown.</summary>
    public static Reason Why(string path, Exception problem) =>
        problem is FileNotFoundException or DirectoryNotFoundException ? SettingReason.NoSuchFile
        : Directory.Exists(path) ? SettingReason.IsFolder
        : problem is UnauthorizedAccessException ? SettingReason.NotPermitted : Reason.Of(problem);
}
