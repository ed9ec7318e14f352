using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Web.Serving;

/// <summary>Lets warnings and errors through; a line for each request would be noise.</summary>
internal sealed class QuietLoggers(ILoggerFactory inner) : ILoggerFactory
{
    // It warns that keys are not encrypted on the disk, where they never are.
    private const string Keys = "Microsoft.AspNetCore.DataProtection";

    public ILogger CreateLogger(string categoryName) =>
        new Quiet(inner.CreateLogger(categoryName),
            categoryName.StartsWith(Keys, StringComparison.Ordinal) ? LogLevel.Error : LogLevel.Warning);

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("The node has its log already.");

    // The node's own outlive the pages.
    public void Dispose() { }

    private sealed class Quiet(ILogger inner, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
