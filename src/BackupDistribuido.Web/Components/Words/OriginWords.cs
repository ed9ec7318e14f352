using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>How a page says how it stands with an origin. The English is <see cref="StandingWords"/>'.</summary>
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
    public static string Word(Standing standing, View view) => view.Say(StandingWords.Word(standing), standing switch
    {
        Standing.Protected => "protegido",
        Standing.Offline => "protegido, todas las copias desconectadas",
        Standing.Damaged => "protegido, otra copia dañada",
        Standing.Incomplete => "protegido, faltan entradas",
        Standing.Copying => "copiando",
        Standing.Unknown => "desconocido",
        Standing.NeverRan => "sin ejecutar nunca",
        Standing.AtRisk => "en riesgo",
        Standing.Failed => "falló",
        _ => "rechazado",
    });

    /// <summary>The word with its copies: <c>at risk 1/2</c>; of a run that failed those that it stored, not those of
    /// the snapshot before it.</summary>
    public static string Verdict(OriginStanding one, View view) =>
        one.Standing == Standing.Failed ? $"{Word(one.Standing, view)} {one.Last!.Copies}/{one.Last.Required}"
        : one.Newest is not { } newest || one.Standing == Standing.Refused
        ? Word(one.Standing, view)
        : $"{Word(one.Standing, view)} {newest.Copies}{(one.Required is { } required ? $"/{required}" : "")}";

    /// <summary>One line over all origins.</summary>
    public static string Headline(IReadOnlyList<OriginStanding> all, View view)
    {
        var english = StandingWords.Headline(all);
        if (view.Language != Language.Spanish) return english;
        if (all.Count == 0) return "Aún no hay copias";
        var worst = all.Max(one => one.Standing);
        if (worst == Standing.Protected) return "Todo está protegido";
        var these = all.Where(one => one.Standing == worst).ToList();
        var word = Word(worst, view);
        return $"{char.ToUpperInvariant(word[0])}{word[1..]}: "
            + $"{(these.Count == 1 ? these[0].Origin : $"{these.Count} de {all.Count} orígenes")}";
    }

    /// <summary>The reasons for it, in one line; empty if there are none.</summary>
    public static string Reasons(OriginStanding one, View view) => view.Language == Language.Spanish
        ? string.Join("; ", one.Reasons.Select(reason => Spanish(reason, one, view)))
        : string.Join("; ", StandingWords.Sentences(one, view.Now, Figures.Span));

    private static string Spanish(StandingReason reason, OriginStanding of, View view) => reason switch
    {
        StandingReason.LastRunAtRisk =>
            Ended(of.Last!, $"la última ejecución acabó en riesgo {of.Last!.Copies}/{of.Last.Required}", view),
        StandingReason.LastRunFailed => Ended(of.Last!, "la última ejecución falló", view),
        StandingReason.LastRunUnknown =>
            $"no se sabe cómo acabó la última ejecución; empezó hace {Figures.Span(view.Now - of.Last!.Time)}",
        StandingReason.LastRunRefused => Ended(of.Last!, "no se copió", view),
        StandingReason.LastSnapshotLost => "nadie tiene la instantánea que protegió la última ejecución",
        StandingReason.NoSnapshot => "no consta que ningún destino tenga una instantánea",
        StandingReason.TooFewCopies => $"{of.Newest!.Copies} de {of.Newest.Required} copias",
        StandingReason.RequiredUnknown => "no se sabe cuántas copias se requieren",
        StandingReason.DamagedCopies =>
            of.Newest!.Damaged == 1 ? "1 copia dañada" : $"{of.Newest.Damaged} copias dañadas",
        StandingReason.AllOffline => "todas las copias están desconectadas",
        StandingReason.SharedDisk => of.Newest!.Disks == 1
            ? $"{of.Newest.Copies} copias en 1 disco" : $"{of.Newest.Copies} copias en {of.Newest.Disks} discos",
        StandingReason.EntriesSkipped => of.Skipped == 1
                ? "1 entrada del árbol no está en la instantánea"
                : $"{of.Skipped} entradas del árbol no están en la instantánea",
        StandingReason.EntriesMissing =>
            of.Missing == 1 ? "en una copia falta 1 entrada" : $"en una copia faltan {of.Missing} entradas",
        StandingReason.OlderIsProtected =>
            $"la instantánea protegida es de hace {Figures.Span(view.Now - of.ProtectedSnapshot!.Value.Time)}",
        StandingReason.RunCopying => "hay una ejecución copiando",
        StandingReason.RunWaiting => "una ejecución espera destinos",
        _ => "su dueño tiene una ejecución en pausa",
    };

    private static string Ended(PastRun last, string what, View view) =>
        $"{what} hace {Figures.Span(view.Now - last.Time)}{(last.Reason.IsNone
            ? "" : $" ({ReasonTexts.Of(last.Reason, view.Language)})")}";
}
