using System.Globalization;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Status;

/// <summary>The word for a <see cref="Standing"/>, used everywhere, and the sentences for its reasons. Pages add the
/// Spanish.</summary>
public static class StandingWords
{
    /// <summary>In JSON and metrics: <c>protected</c>, <c>at-risk</c>.</summary>
    public static string Code(Standing standing) => standing switch
    {
        Standing.Protected => "protected",
        Standing.Offline => "offline",
        Standing.Damaged => "damaged",
        Standing.Incomplete => "incomplete",
        Standing.Copying => "copying",
        Standing.Unknown => "unknown",
        Standing.NeverRan => "never-ran",
        Standing.AtRisk => "at-risk",
        Standing.Failed => "failed",
        _ => "refused",
    };

    /// <summary>For people: <c>protected, all copies offline</c>.</summary>
    public static string Word(Standing standing) => standing switch
    {
        Standing.Offline => "protected, all copies offline",
        Standing.Damaged => "protected, another copy damaged",
        Standing.Incomplete => "protected, entries left out",
        Standing.NeverRan => "never ran",
        Standing.AtRisk => "at risk",
        _ => Code(standing),
    };

    /// <summary>In JSON and metrics.</summary>
    public static string Code(PastOutcome outcome) => outcome switch
    {
        PastOutcome.Protected => "protected",
        PastOutcome.AtRisk => "at-risk",
        PastOutcome.Failed => "failed",
        PastOutcome.Refused => "refused",
        _ => "unknown",
    };

    /// <summary>One line over all origins: <c>Failed: 1 of 3 origins</c>, <c>At risk: laptop-photos</c>.</summary>
    public static string Headline(IReadOnlyList<OriginStanding> all)
    {
        if (all.Count == 0) return "Nothing is copied yet";
        var worst = all.Max(one => one.Standing);
        if (worst == Standing.Protected) return "Everything is protected";
        var these = all.Where(one => one.Standing == worst).ToList();
        var word = Word(worst);
        return $"{char.ToUpperInvariant(word[0])}{word[1..]}: "
            + $"{(these.Count == 1 ? these[0].Origin : Invariant($"{these.Count} of {all.Count} origins"))}";
    }

    /// <summary>Why it stands so with an origin, each reason a sentence without a full stop.</summary>
    /// <param name="span">How a span of time is written.</param>
    public static IEnumerable<string> Sentences(OriginStanding of, DateTimeOffset now, Func<TimeSpan, string> span) =>
        of.Reasons.Select(reason => reason switch
    {
        StandingReason.LastRunAtRisk =>
            Ended(of.Last!, Invariant($"last run at risk {of.Last!.Copies}/{of.Last.Required}"), now, span),
        StandingReason.LastRunFailed => Ended(of.Last!, "last run failed", now, span),
        StandingReason.LastRunUnknown =>
            $"how the last run ended is not known; it began {span(now - of.Last!.Time)} ago",
        StandingReason.LastRunRefused => Ended(of.Last!, "not copied", now, span),
        StandingReason.LastSnapshotLost => "nobody has the snapshot that the last run protected",
        StandingReason.NoSnapshot => "no destination is known to have a snapshot",
        StandingReason.TooFewCopies => Invariant($"{of.Newest!.Copies} of {of.Newest.Required} copies"),
        StandingReason.RequiredUnknown => "how many copies are required is not known",
        StandingReason.DamagedCopies =>
            Invariant($"{of.Newest!.Damaged} {(of.Newest.Damaged == 1 ? "copy" : "copies")} damaged"),
        StandingReason.AllOffline => "all copies offline",
        StandingReason.SharedDisk =>
            Invariant($"{of.Newest!.Copies} copies on {of.Newest.Disks} {(of.Newest.Disks == 1 ? "disk" : "disks")}"),
        StandingReason.EntriesSkipped => Invariant($"{Entries(of.Skipped)} of the tree not in the snapshot"),
        StandingReason.EntriesMissing => Invariant($"{Entries(of.Missing)} missing in a copy"),
        StandingReason.OlderIsProtected =>
            $"protected snapshot {span(now.UtcDateTime - of.ProtectedSnapshot!.Value.Time)} old",
        StandingReason.RunCopying => "a run is copying",
        StandingReason.RunWaiting => "a run waits for destinations",
        _ => "a run is paused by its owner",
    });

    private static string Entries(long count) => count == 1 ? "1 entry" : Invariant($"{count} entries");

    private static string Ended(PastRun last, string what, DateTimeOffset now, Func<TimeSpan, string> span) =>
        $"{what} {span(now - last.Time)} ago{(last.Reason.IsNone ? "" : $" ({last.Reason})")}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
