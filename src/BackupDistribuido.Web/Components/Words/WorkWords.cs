using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>The work of a run, in the page's language.</summary>
internal static class WorkWords
{
    /// <summary>The changes in the tree, and how much of it was read.</summary>
    public static string Source(SourceWork source, View view) =>
        $"{Changes(source, view)}; "
        + $"{view.Say($"{Size(source.BytesRead, view)} read", $"{Size(source.BytesRead, view)} leídos")}";

    /// <summary><c>12 new, 3 changed, 4 removed</c>: the kinds that occur; null: nothing is known.</summary>
    public static string? Short(SourceWork? source, View view) => source switch
    {
        { Changes: { } some } => string.Join(", ", new[]
        {
            (some.New, view.Say("new", some.New == 1 ? "nuevo" : "nuevos")),
                (some.Changed, view.Say("changed", some.Changed == 1 ? "cambiado" : "cambiados")),
            (some.MetadataOnly, view.Say("metadata only", "solo metadatos")),
                (some.Removed, view.Say("removed", some.Removed == 1 ? "eliminado" : "eliminados")),
        }.Where(one => one.Item1 > 0).Select(one => $"{Number(one.Item1, view)} {one.Item2}")
            .DefaultIfEmpty(view.Say("nothing changed", "sin cambios"))),
        { IsFirst: true } => view.Say("first run", "primera ejecución"),
        _ => null,
    };

    /// <summary>What a destination's replica was made of, and what links brought to it.</summary>
    public static string Destination(ReplicaResult one, View view)
    {
        var sent = view.Say($"{Size(one.Sent, view)} sent", $"{Size(one.Sent, view)} enviados");
        return one.Intake is { } intake ? $"{Intake(intake, view)}; {sent}" : sent;
    }

    /// <summary><c>12 received, 49,988 linked, last read 3 d ago</c>.</summary>
    public static string Intake(ReplicaIntake intake, View view)
    {
        var files =
            view.Say($"{Number(intake.ReceivedFiles, view)} received, {Number(intake.LinkedFiles, view)} linked",
                $"{Number(intake.ReceivedFiles, view)} recibidos, {Number(intake.LinkedFiles, view)} enlazados");
        if (intake.LinkedFiles == 0) return files;
        return intake.LastRead is { } read
            ? view.Say($"{files}, last read {Figures.Span(view.Now - read)} ago",
                $"{files}, leídos por última vez hace {Figures.Span(view.Now - read)}")
            : view.Say($"{files}, last read at a time that is not known", $"{files}, sin que conste cuándo se leyeron");
    }

    private static string Changes(SourceWork source, View view) => source.Changes is { } some
        ? view.Say(
            $"Files: {Number(some.New, view)} new, {Number(some.Changed, view)} changed, "
            + $"{Number(some.MetadataOnly, view)} metadata only, {Number(some.Unchanged, view)} unchanged, "
            + $"{Number(some.Removed, view)} removed, since {some.Since}",
            $"Ficheros: {Number(some.New, view)} nuevos, {Number(some.Changed, view)} cambiados, "
            + $"{Number(some.MetadataOnly, view)} solo metadatos, {Number(some.Unchanged, view)} sin cambios, "
            + $"{Number(some.Removed, view)} eliminados, desde {some.Since}")
        : source.IsFirst
        ? view.Say("Files: all new, for this is the first run", "Ficheros: todos nuevos, pues es la primera ejecución")
        : view.Say("Files: what has changed is not known, for the origin's machine has no record of the run before",
            "Ficheros: no consta qué ha cambiado, pues la máquina del origen no tiene registro de la ejecución "
            + "anterior");

    private static string Number(long number, View view) => Figures.Number(number, view.Language);

    private static string Size(long bytes, View view) => Figures.Bytes(bytes, view.Language);
}
