using System.Globalization;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>One readable line an event, with the local time; single files only where they are asked for.</summary>
internal sealed class PlainView(TextWriter output, bool files) : IEventView
{
    private readonly SkippedList _skipped = new();

    /// <inheritdoc/>
    public bool Shows(NodeEvent happened) =>
        happened is not (ProgressEvent or ReceptionEnded) && (files || happened is not FileStored);

    /// <inheritdoc/>
    public bool MayDrop(NodeEvent happened) => false;

    /// <inheritdoc/>
    public void Show(NodeEvent happened, DateTimeOffset time)
    {
        if (happened is EntrySkipped skipped && !_skipped.Add(skipped)) return;
        Line(time, EventText.Describe(happened));
        if (happened is not RunFinished { Summary: var summary }) return;
        if (_skipped.More is { } more) Line(time, more);
        foreach (var line in FinalLines.Work(summary, time).Concat(FinalLines.Destinations(summary))) Line(time, line);
    }

    /// <inheritdoc/>
    public void Missed(long count, DateTimeOffset time) =>
        Line(time, $"{Words.Count(count, "line")} left out here: the reader was too slow");

    /// <inheritdoc/>
    public void Flush() => output.Flush();

    /// <inheritdoc/>
    public void Restore() { }

    /// <inheritdoc/>
    public void Dispose() => output.Flush();

    private void Line(DateTimeOffset time, string text)
    {
        output.Write(time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture));
        // Reasons come from other nodes.
        output.Write(HarmlessText.Of(text.ReplaceLineEndings(" ")));
        output.Write('\n');
    }
}
