using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Posix;

internal static class OpenFolder
{
    /// <summary>The test's folder, open.</summary>
    public static Descriptor Open(this TemporaryFolder folder)
    {
        Descriptor.OpenDirectory(folder.Path, out var directory).OrThrow("open", folder.Path);
        return directory;
    }
}
