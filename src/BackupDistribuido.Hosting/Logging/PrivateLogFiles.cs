using System.Text;
using Serilog.Sinks.File;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>Keeps log files to their owner (0600), and remembers which of them was opened last: they name files of the
/// tree, addresses, and what went wrong.</summary>
internal sealed class PrivateLogFiles : FileLifecycleHooks
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private volatile string? _path;

    /// <summary>The file; null: none was opened.</summary>
    public string? Path => _path;

    /// <inheritdoc/>
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        _path = path;
        // A file behind a link was not created by us.
        if (new FileInfo(path) is { LinkTarget: null } file && file.UnixFileMode != Private)
            File.SetUnixFileMode(path, Private);
        return underlyingStream;
    }

    /// <summary>
    /// Creates the first file, if it does not exist yet, so that no one else can open it before it is private.
    /// </summary>
    public static void Prepare(string path)
    {
        try
        {
            new FileStream(path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = Private
                }).Dispose();
        }
        catch (IOException)
        {
            // It is there; what else is wrong is found out when it is opened.
        }
    }
}
