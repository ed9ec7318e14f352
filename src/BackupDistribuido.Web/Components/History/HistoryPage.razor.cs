using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Components.Words;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Components.History;

/// <summary>
/// Past runs from the coordinator's record. It is read when the page is opened, when a run begins or ends, and now and
/// then while it could not be read or lacks the end of a run.
/// </summary>
public sealed partial class HistoryPage : LivePart
{
    private const int MostRuns = 60;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private RunsOfRecord? _record;
    private long _seen = -1;
    private DateTimeOffset _read;
    private string _origin = "";

    private List<string> Origins =>
        [.. _record!.Runs.Select(run => run.Origin.ToString()).Distinct().Order(StringComparer.Ordinal)];

    private IEnumerable<RunHistory> Shown =>
        _record!.Runs.Where(run => _origin.Length == 0 || run.Origin.ToString() == _origin);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var newest = State.Events.FirstOrDefault(line => line.Event is RunStarted or RunFinished)?.Number ?? 0;
        if (newest == _seen && (!IsUnclear || State.Time - _read < Again)) return;
        (_seen, _read) = (newest, State.Time);
        _record = await Feed.RunsAsync(MostRuns, CancellationToken.None);
    }

    private bool IsUnclear =>
        _record is { Problem: not null } || _record?.Runs.Any(run => run.Ended is null && !IsLive(run)) == true;

    private List<ChartBar> Bars(Func<RunHistory, double> value, Func<RunHistory, string> text) =>
        [.. Shown.Where(run => run.Ended is not null).Reverse()
            .Select(run =>
                new ChartBar(value(run), $"{run.Origin} {run.Snapshot}: {text(run)}", text(run), Tone(run)))];

    private string Tone(RunHistory run) =>
        run.Outcome is { } outcome ? Outcomes.Tone(outcome) : IsLive(run) ? "busy" : "plain";

    private string Outcome(RunHistory run) =>
        run.Outcome is { } outcome
            ? Outcomes.Text(outcome, View)
            : IsLive(run) ? Texts.Word("run-phase", RunPhase.Copying.Code(), View.Language)
            : Texts.Word("outcome", "unheard", View.Language);

    private bool IsLive(RunHistory run) => State.Cluster?.Runs.Any(one => one.Run == run.Run) == true;
}
