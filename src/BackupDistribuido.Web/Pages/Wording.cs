
namespace BackupDistribuido.Web.Pages;

/// <summary>The words of the status page in one language: the design's vocabulary and no other.</summary>
internal sealed record Wording(
    string Code, string Title, string Refreshed, (string One, string Many) Connected, string Destinations, string Origins, string Runs, string Snapshots,
    string NoDestinations, string NoOrigins, string NoRuns, string NoSnapshots, string Free, string For, Func<string, string> Ago, string Copies, string Unknown,
    string Copying, string Waiting, string Protected, string AtRisk, string Note, string Other)
{
    public static readonly Wording English = new(
        "en", "Copies", "as of", ("destination connected", "destinations connected"), "Destinations", "Origins", "Runs", "Newest snapshots",
        "No destination is connected.", "No origin is connected.", "Nothing is being copied.", "No connected destination has a snapshot.",
        "free", "for", age => $"{age} ago", "copies", "not known", "copying", "waiting for destinations", "protected", "at risk",
        "Only what connected destinations have is counted here.", "Español");

    public static readonly Wording Spanish = new(
        "es", "Copias", "a las", ("destino conectado", "destinos conectados"), "Destinos", "Orígenes", "Ejecuciones", "Instantáneas más recientes",
        "No hay ningún destino conectado.", "No hay ningún origen conectado.", "No se está copiando nada.", "Ningún destino conectado tiene instantáneas.",
        "libres", "desde hace", age => $"hace {age}", "copias", "se desconoce", "copiando", "esperando destinos", "protegida", "en riesgo",
        "Aquí solo cuenta lo que tienen los destinos conectados.", "English");

    public static Wording Of(Language language) => language == Language.Spanish ? Spanish : English;

    public string ConnectedNoun(int count) => count == 1 ? Connected.One : Connected.Many;
}
