using System.Globalization;
using System.Resources;
using System.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Reasons;

/// <summary>
/// All texts for users that are made of values, from one resource file per language; the machine's locale and its
/// translations are ignored. A text names its parameters: <c>{address}</c>; the format follows a colon:
/// <c>{free:bytes}</c>. A word that is not a format is a group of texts: <c>{role:role}</c> is the text
/// <c>role.origin</c>.
/// </summary>
public static class Texts
{
    private static readonly ResourceManager English = Resource("English"), Spanish = Resource("Spanish");

    /// <summary>The phrase in a language; one whose text is not there by its name.</summary>
    public static string Of(Phrase phrase, Language language) =>
        Template(phrase.Name, language) is not { } template ? phrase.Name
        : Filled(template, (name, format) => phrase.Find(name) switch
        {
            null => "…",
            { Inner: { } inner } => Of(inner, language),
            { Value: var value } => Shown(value, format, language, 0),
        });

    /// <summary>The text of that name, with places for its parameters; null: there is none.</summary>
    internal static string? Template(string name, Language language) =>
        Resource(language).GetString(name, CultureInfo.InvariantCulture);

    /// <summary>All texts of a language by name.</summary>
    internal static ResourceSet All(Language language) =>
        Resource(language).GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;

    /// <summary>The template with its places filled: each by its name and how it is shown.</summary>
    internal static string Filled(string template, Func<string, string, string> shown)
    {
        var text = new StringBuilder();
        for (var at = 0; ;)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0) return text.Append(template, at, template.Length - at).ToString();
            var (name, format) = Place(template[(open + 1)..close]);
            text.Append(template, at, open - at).Append(shown(name, format));
            at = close + 1;
        }
    }

    /// <summary>A place's name, and how it is shown.</summary>
    internal static (string Name, string Format) Place(string place) =>
        place.Split(':', 2) is [var name, var format] ? (name, format) : (place, "");

    /// <summary>A value as it is shown; a reason in it is that many reasons deep in another.</summary>
    internal static string Shown(string value, string format, Language language, int depth) => format switch
    {
        "" => value,
        "reason" => ReasonTexts.Of(Reason.Parse(value), language, depth + 1),
        "kinds" => string.Join(", ", value.Split(", ").Select(kind => Word("kind", kind, language))),
        "bytes" or "number" or "seconds" or "minutes" or "span" or "ago" => Number(value, format, language),
        // "{attempts:one|attempt|attempts}".
        _ when format.Split('|') is ["one", var one, var more] => value == "1" ? one : more,
        _ => Word(format, value, language),
    };

    /// <summary>A word of a group of texts, such as <c>origin</c> of <c>role</c>; one that is not in it as it
    /// is.</summary>
    public static string Word(string group, string word, Language language) =>
        Template($"{group}.{word.Replace(' ', '-')}", language) ?? word;

    private static string Number(string value, string format, Language language) =>
        !double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? value : format switch
        {
            "number" => Local(Quantity.Number((long)number), language),
            "bytes" => Local(Quantity.Bytes(number), language),
            "seconds" => Local(number.ToString(number < 0.1 ? "0.##" : "0.#", CultureInfo.InvariantCulture), language),
            "minutes" => Local((number / 60).ToString("0.#", CultureInfo.InvariantCulture), language),
            // Some time ago; never below 0, as clocks differ.
            "ago" when number >= 2 * 86_400 => Of(new Phrase("unit.days", ("days", (long)(number / 86_400))), language),
            _ => Local(Quantity.Span(Math.Max(0, number)), language),
        };

    private static string Local(string number, Language language) => language != Language.Spanish ? number
        : number.Contains(',', StringComparison.Ordinal) ? number.Replace(',', '.') : number.Replace('.', ',');

    private static ResourceManager Resource(Language language) => language == Language.Spanish ? Spanish : English;

    private static ResourceManager Resource(string name) =>
        new($"BackupDistribuido.Core.Reasons.{name}", typeof(Texts).Assembly);
}
