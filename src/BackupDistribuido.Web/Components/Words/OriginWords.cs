using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>How a page says how it stands with an origin.</summary>
internal static class OriginWords
{
    /// <summary>good, busy, warn or bad.</summary>
    public static string Tone(Standing standing) =>
        OriginStanding.LightOf(standing) switch
        {
            Light.Green => "good",
            Light.Blue => "busy",
            Light.Amber => "warn",
            _ => "bad"
        };

    /// <summary>The word for a standing.</summary>
    public static string Word(Standing standing, View view) => StandingWords.Word(standing, view.Language);

    /// <summary>The word with its copies: <c>at risk 1/2</c>; of a run that failed those that it stored, not those of
    /// the snapshot before it.</summary>
    public static string Verdict(OriginStanding one, View view) =>
        one.Standing == Standing.Failed ? $"{Word(one.Standing, view)} {one.Last!.Copies}/{one.Last.Required}"
        : one.Newest is not { } newest || one.Standing == Standing.Refused
        ? Word(one.Standing, view)
        : $"{Word(one.Standing, view)} {newest.Copies}{(one.Required is { } required ? $"/{required}" : "")}";

    /// <summary>One line over all origins.</summary>
    public static string Headline(IReadOnlyList<OriginStanding> all, View view) =>
        StandingWords.Headline(all, view.Language);

    /// <summary>The reasons for it, in one line; empty if there are none.</summary>
    public static string Reasons(OriginStanding one, View view) =>
        string.Join("; ", StandingWords.Sentences(one, view.Now, Figures.Span, view.Language));
}
