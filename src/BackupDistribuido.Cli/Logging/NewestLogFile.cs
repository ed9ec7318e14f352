using System.Text;
using Serilog.Sinks.File;

namespace BackupDistribuido.Cli.Logging;

/// <summary>Remembers which log file was opened last.</summary>
internal sealed class NewestLogFile : FileLifecycleHooks
{
    private volatile string? _path;

    /// <summary>The file; null: none was opened.</summary>
    public string? Path => _path;

    /// <inheritdoc/>
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        _path = path;
        return underlyingStream;
    }
}
