using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Views;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>How a run's outcome is shown.</summary>
internal static class Outcomes
{
    public static string Tone(RunOutcome outcome) => outcome == RunOutcome.Protected ? "good" : "bad";

    /// <summary>The verdict in capitals with its figures: <c>PROTECTED 2/2, 1 disk</c>; the disks are named where
    /// copies share one.</summary>
    public static string Verdict(RunSummary end, View view) =>
        $"{Text(end.Outcome, view).ToUpperInvariant()} {end.Copies}/{end.Required}{Disks(end, view)}";

    /// <summary><c>, 1 disk</c> where copies share one, else nothing.</summary>
    public static string Disks(RunSummary end, View view) => end.Copies <= end.Disks ? ""
        : Texts.Of(new Phrase("event.run-finished.disks", ("disks", end.Disks)), view.Language);

    public static string Text(RunOutcome outcome, View view) => Texts.Word("outcome", outcome.Code(), view.Language);
}
