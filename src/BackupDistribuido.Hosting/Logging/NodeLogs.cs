using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>
/// A command's logs: files of bounded size and number, and standard error where no live view is shown. Each line has
/// the properties <c>Node</c> (set here), <c>Run</c> and <c>Epoch</c>: from a scope of an <see cref="ILogger"/> with
/// these keys, or in an actor from <c>Context.GetLogger().WithContext("Run", run)</c>, which Akka.Hosting's logger
/// carries over.
/// </summary>
public sealed class NodeLogs : IDisposable
{
    /// <summary>The command's own logger, whose lines don't go to standard error.</summary>
    public const string Command = "bdist";

    private readonly Logger _logger;
    private readonly PrivateLogFiles _files;

    private readonly LogFailure _failure;

    private NodeLogs(Logger logger, PrivateLogFiles files, LogFailure failure, string? warning)
    {
        (_logger, _files, _failure, Warning) = (logger, files, failure, warning);
        Factory = new SerilogLoggerFactory(logger);
    }

    /// <summary>Where loggers come from.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>The file that is being written; null: there is none.</summary>
    public string? File => _files.Path;

    /// <summary>Why there are no files although they were not turned off; null: there are.</summary>
    public string? Warning { get; }

    /// <summary>
    /// Opens the logs. <paramref name="console"/> is standard error, or null under a live view. If a default folder
    /// can't be written, there is a <see cref="Warning"/>. If files can't be written later, <paramref name="failed"/>
    /// is called, once, from any thread.
    /// </summary>
    /// <exception cref="CommandFailure">The folder was configured, and can't be written.</exception>
    public static NodeLogs Open(LogSettings settings, TextWriter? console, Action<string> failed)
    {
        var level = Level(settings.Level);
        var files = new PrivateLogFiles();
        var failure = new LogFailure(failed);
        var (folder, warning) = Folder(settings);

        var logger = new LoggerConfiguration().MinimumLevel.Is(level)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Node", settings.Name is { } name ? $"{settings.Command}/{name}" : settings.Command);
        if (folder is not null)
        {
            var file = Path.Combine(folder,
                settings.Name is { } node ? $"{settings.Command}-{node}.log" : $"{settings.Command}.log");
            PrivateLogFiles.Prepare(file);
            logger.WriteTo.Fallible(to => to.File(new LogLines(exceptions: true), file,
                fileSizeLimitBytes: settings.MaxSizeMiB * 1024L * 1024, rollOnFileSizeLimit: true,
                retainedFileCountLimit: settings.Files, hooks: files), failure);
        }
        // Events are on standard output already: standard error gets only problems, or everything if debug is set.
        if (console is not null)
            logger.WriteTo.Sink(new ErrorLines(console), level == LogEventLevel.Debug ? level : LogEventLevel.Warning);
        return new NodeLogs(logger.CreateLogger(), files, failure, warning);
    }

    /// <summary>The folder that logs go to, made where it isn't there; no path, and why, where the default one can't be
    /// written.</summary>
    /// <exception cref="CommandFailure">It was configured, and can't be written.</exception>
    public static (string? Path, string? Warning) Folder(LogSettings settings)
    {
        var chosen = settings.Folder;
        var folder = Path.GetFullPath(chosen ?? settings.DefaultFolder);
        if (WhyNotWritable(folder) is not { } why) return (folder, null);
        if (chosen is not null)
            throw CommandFailure.Usage(
                $"backup.log.folder {folder}: {why}; choose a folder that this user can write");
        return (null,
            $"no log files: {folder}: {why}; set backup.log.folder to a folder that this user can write");
    }

    private static LogEventLevel Level(LogLevel level) => level switch
    {
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };

    private static string? WhyNotWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            // Serilog swallows what goes wrong later, so that a file is tried here.
            var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)
                .Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? "it can't be written" : $"it can't be written ({e.Message})";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Factory.Dispose();
            _logger.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk had no room for the last lines; the result of the node is not affected.
            _failure.Failed(e.Message);
        }
    }
}
