using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Status;

/// <summary>The word for a <see cref="Standing"/>, used everywhere, and the sentences for its reasons, in the reader's
/// language.</summary>
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

    /// <summary>In JSON and metrics.</summary>
    public static string Code(PastOutcome outcome) => outcome switch
    {
        PastOutcome.Protected => "protected",
        PastOutcome.AtRisk => "at-risk",
        PastOutcome.Failed => "failed",
        PastOutcome.Refused => "refused",
        _ => "unknown",
    };

    /// <summary>In JSON; its text has the same name.</summary>
    public static string Code(StandingReason reason) => reason switch
    {
        StandingReason.LastRunAtRisk => "last-run-at-risk",
        StandingReason.LastRunFailed => "last-run-failed",
        StandingReason.LastRunUnknown => "last-run-unknown",
        StandingReason.LastRunRefused => "last-run-refused",
        StandingReason.LastSnapshotLost => "last-snapshot-lost",
        StandingReason.NoSnapshot => "no-snapshot",
        StandingReason.TooFewCopies => "too-few-copies",
        StandingReason.RequiredUnknown => "required-unknown",
        StandingReason.DamagedCopies => "damaged-copies",
        StandingReason.AllOffline => "all-offline",
        StandingReason.SharedDisk => "shared-disk",
        StandingReason.EntriesSkipped => "entries-skipped",
        StandingReason.EntriesMissing => "entries-missing",
        StandingReason.OlderIsProtected => "older-is-protected",
        StandingReason.RunCopying => "run-copying",
        StandingReason.RunWaiting => "run-waiting",
        _ => "run-paused",
    };

    /// <summary>For people: <c>protected, all copies offline</c>.</summary>
    public static string Word(Standing standing, Language language = Language.English) =>
        Texts.Word("standing", Code(standing), language);

    /// <summary>One line over all origins: <c>Failed: 1 of 3 origins</c>, <c>At risk: laptop-photos</c>.</summary>
    public static string Headline(IReadOnlyList<OriginStanding> all, Language language = Language.English)
    {
        var line = Texts.Of(Headline(all), language);
        return $"{char.ToUpperInvariant(line[0])}{line[1..]}";
    }

    private static Phrase Headline(IReadOnlyList<OriginStanding> all)
    {
        if (all.Count == 0) return new Phrase("headline.nothing");
        var worst = all.Max(one => one.Standing);
        if (worst == Standing.Protected) return new Phrase("headline.protected");
        var these = all.Where(one => one.Standing == worst).ToList();
        return these.Count == 1
            ? new Phrase("headline.one", ("standing", Code(worst)), ("origin", these[0].Origin.ToString()))
            : new Phrase("headline.several", ("standing", Code(worst)), ("count", these.Count), ("all", all.Count));
    }

    /// <summary>Why it stands so with an origin, each reason a sentence without a full stop.</summary>
    /// <param name="span">How a span of time is written.</param>
    public static IEnumerable<string> Sentences(OriginStanding of, DateTimeOffset now, Func<TimeSpan, string> span,
        Language language = Language.English) =>
        of.Reasons.Select(reason => Texts.Of(Sentence(reason, of, now, span), language));

    /// <summary>Why it stands so with an origin, by one of its reasons.</summary>
    internal static Phrase Sentence(StandingReason reason, OriginStanding of, DateTimeOffset now,
        Func<TimeSpan, string> span)
    {
        var name = $"standing-reason.{Code(reason)}";
        return reason switch
        {
            StandingReason.LastRunAtRisk => new(name, ("copies", of.Last!.Copies), ("required", of.Last.Required),
                ("ago", span(now - of.Last.Time)), ("why", Why(of.Last))),
            StandingReason.LastRunFailed or StandingReason.LastRunRefused =>
                new(name, ("ago", span(now - of.Last!.Time)), ("why", Why(of.Last))),
            StandingReason.LastRunUnknown => new(name, ("ago", span(now - of.Last!.Time))),
            StandingReason.TooFewCopies =>
                new(name, ("copies", of.Newest!.Copies), ("required", of.Newest.Required ?? 0)),
            StandingReason.DamagedCopies => new(name, ("damaged", of.Newest!.Damaged)),
            StandingReason.SharedDisk => new(name, ("copies", of.Newest!.Copies), ("disks", of.Newest.Disks ?? 0)),
            StandingReason.EntriesSkipped => new(name, ("entries", of.Skipped)),
            StandingReason.EntriesMissing => new(name, ("entries", of.Missing)),
            StandingReason.OlderIsProtected =>
                new(name, ("age", span(now.UtcDateTime - of.ProtectedSnapshot!.Value.Time))),
            _ => new(name),
        };
    }

    private static Phrase? Why(PastRun last) =>
        last.Reason.IsNone ? null : new Phrase("standing-reason.why", ("reason", last.Reason));
}
