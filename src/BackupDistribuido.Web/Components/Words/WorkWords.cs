using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>The work of a run, in the page's language.</summary>
internal static class WorkWords
{
    /// <summary>The changes in the tree, and how much of it was read.</summary>
    public static string Source(SourceWork source, View view)
    {
        var text = Texts.Of(WorkPhrases.Source(source), view.Language);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}";
    }

    /// <summary><c>12 new, 3 changed, 4 removed</c>: the kinds that occur; null: nothing is known.</summary>
    public static string? Short(SourceWork? source, View view) => source switch
    {
        { Changes: { } some } => string.Join(", ", WorkPhrases.Each(some).DefaultIfEmpty(new Phrase("work.nothing"))
            .Select(one => Texts.Of(one, view.Language))),
        { IsFirst: true } => Texts.Of(new Phrase("work.first-run"), view.Language),
        _ => null,
    };

    /// <summary>What a destination's replica was made of, and what links brought to it.</summary>
    public static string Destination(ReplicaResult one, View view) =>
        Texts.Of(WorkPhrases.Destination(one, view.Now, Figures.Span), view.Language);

    /// <summary><c>12 received, 49,988 linked, last read 3 d 04 h ago</c>.</summary>
    public static string Intake(ReplicaIntake intake, View view) =>
        Texts.Of(WorkPhrases.Intake(intake, view.Now, Figures.Span), view.Language);
}
