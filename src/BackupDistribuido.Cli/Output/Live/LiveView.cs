using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Events;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BackupDistribuido.Cli.Output.Live;

/// <summary>
/// A picture of the node on a terminal, redrawn four times a second however many events arrive; at the end it makes
/// room for the final lines.
/// </summary>
internal sealed class LiveView : IEventView
{
    /// <summary>Lines that the picture gets in any case.</summary>
    private const int Smallest = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console;
    private readonly LiveModel _model;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<string> _skipped = new();
    private readonly SkippedList _skippedCount = new();
    private RunFinished? _finished;
    private string? _address;
    private int _above;
    private DateTimeOffset _ended;
    private Task _drawing = Task.CompletedTask;

    private LiveView(IAnsiConsole console, LiveModel model) => (_console, _model) = (console, model);

    /// <summary>Takes the console and begins to draw.</summary>
    public static LiveView Start(IAnsiConsole console, LiveModel model)
    {
        var view = new LiveView(console, model);
        view._drawing = Task.Run(view.Draw);
        return view;
    }

    /// <inheritdoc/>
    public bool Shows(NodeEvent happened) => true;

    /// <inheritdoc/>
    public bool MayDrop(NodeEvent happened) => happened is FileStored or ProgressEvent;

    /// <inheritdoc/>
    public void Show(NodeEvent happened, DateTimeOffset time)
    {
        lock (_gate)
        {
            _model.Apply(happened, time);
            if (happened is RunFinished finished) (_finished, _ended) = (finished, time);
            if (happened is PagesOpened) _address = EventText.Describe(happened);
            if (happened is EntrySkipped skipped && _skippedCount.Add(skipped))
                _skipped.Enqueue(EventText.Describe(skipped));
        }
    }

    /// <inheritdoc/>
    public void Missed(long count, DateTimeOffset time) { }

    /// <inheritdoc/>
    public void Flush() { }

    /// <inheritdoc/>
    public void Restore() => _console.Cursor.Show();

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _drawing.GetAwaiter().GetResult();
        if (_finished is not { Summary: var summary }) return;
        var good = summary.Outcome == RunOutcome.Protected;
        _console.Write(new Text(PathText.Display(EventText.Describe(_finished)) + "\n",
            new Style(good ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        foreach (var line in FinalLines.Work(summary, _ended)) _console.Write(new Text(PathText.Display(line) + "\n"));
        foreach (var line in _skipped) _console.Write(new Text(line + "\n", new Style(Color.Yellow)));
        if (_skippedCount.More is { } more) _console.Write(new Text(more + "\n", new Style(Color.Yellow)));
        foreach (var line in FinalLines.Destinations(summary)) _console.Write(new Text(PathText.Display(line) + "\n"));
    }

    /// <summary>
    /// The address of the pages contains their token, so it is useful only as a whole. It is printed once, above the
    /// picture, and the terminal wraps it, so that it can be copied in one piece.
    /// </summary>
    private void ShowAddress()
    {
        if (_address is not { } address) return;
        _address = null;
        _console.Write(new ControlCode($"{PathText.Display(address)}\e[K\n"));
        _above = (address.Length + _console.Profile.Width - 1) / _console.Profile.Width;
    }

    private Task Draw() =>
        _console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
    {
        while (!_end.IsCancellationRequested)
        {
            lock (_gate)
            {
                ShowAddress();
                live.UpdateTarget(LiveFrame.Of(_model, _console.Profile.Width,
                    Math.Max(Smallest, _console.Profile.Height - _above)));
            }
            await Task.Delay(Pause, _end.Token)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
        }
    });
}
