using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Cli.Output;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonView(TextWriter output, NodeRole role) : IEventView
{
    private readonly EventJson _json = new(role);

    /// <inheritdoc/>
    public bool Shows(NodeEvent happened) => happened is not ProgressEvent;

    /// <inheritdoc/>
    public bool MayDrop(NodeEvent happened) => false;

    /// <inheritdoc/>
    public void Show(NodeEvent happened, DateTimeOffset time) => Write(_json.Line(happened, time));

    /// <inheritdoc/>
    public void Missed(long count, DateTimeOffset time) => Write(_json.Missed(count, time));

    private void Write(string line)
    {
        output.Write(line);
        output.Write('\n');
    }

    /// <inheritdoc/>
    public void Flush() => output.Flush();

    /// <inheritdoc/>
    public void Restore() { }

    /// <inheritdoc/>
    public void Dispose() => output.Flush();
}
