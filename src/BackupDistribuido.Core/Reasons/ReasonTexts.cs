using System.Globalization;
using System.Resources;
using System.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Reasons;

/// <summary>
/// Reasons as texts for people, from one resource file a language; neither the machine's locale nor its translations
/// count. A text names its parameters: <c>{address}</c>; how one is shown stands after a colon: <c>{free:bytes}</c>.
/// </summary>
public static class ReasonTexts
{
    /// <summary>A reason may have another in it; no deeper than this.</summary>
    private const int Deepest = 6;

    private static readonly ResourceManager English = Resource("English"), Spanish = Resource("Spanish");

    /// <summary>The reason in one sentence; one with an unknown code, of a newer node, as it was sent.</summary>
    public static string Of(Reason reason, Language language) => Of(reason, language, 0);

    /// <summary>The text of that name, with places for its parameters; null: there is none.</summary>
    internal static string? Template(string name, Language language) =>
        Resource(language).GetString(name, CultureInfo.InvariantCulture);

    /// <summary>All texts of a language by name.</summary>
    internal static ResourceSet All(Language language) =>
        Resource(language).GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;

    private static ResourceManager Resource(Language language) => language == Language.Spanish ? Spanish : English;

    private static ResourceManager Resource(string name) =>
        new($"BackupDistribuido.Core.Reasons.{name}", typeof(ReasonTexts).Assembly);

    private static string Of(Reason reason, Language language, int depth)
    {
        if (reason.IsNone) return "";
        if (reason.Code == Reason.TextCode)
        {
            var text = reason.Parts[0].Value;
            return language == Language.Spanish ? ForeignText.Spanish(text) : text;
        }
        if (depth == Deepest) return reason.Encode();
        if (reason.Code == Reason.SeveralCode)
            return string.Join("; ", reason.Parts.Select(part => Of(Reason.Parse(part.Value), language, depth + 1)));
        return Template(reason.Code, language) is { } template
            ? Filled(template, reason, language, depth) : reason.Encode();
    }

    private static string Filled(string template, Reason reason, Language language, int depth)
    {
        var text = new StringBuilder();
        for (var at = 0; ;)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0) return text.Append(template, at, template.Length - at).ToString();
            var (name, format) = Place(template[(open + 1)..close]);
            var value = reason.Parts.FirstOrDefault(part => part.Name == name).Value ?? "…";
            text.Append(template, at, open - at).Append(Shown(value, format, language, depth));
            at = close + 1;
        }
    }

    /// <summary>A place's name, and how it is shown.</summary>
    internal static (string Name, string Format) Place(string place) =>
        place.Split(':', 2) is [var name, var format] ? (name, format) : (place, "");

    private static string Shown(string value, string format, Language language, int depth) => format switch
    {
        "" => value,
        "reason" => Of(Reason.Parse(value), language, depth + 1),
        "kinds" => string.Join(", ", value.Split(", ").Select(kind => Kind(kind, language))),
        _ when double.TryParse(value, CultureInfo.InvariantCulture, out var number) => Shown(number, format),
        _ => value,
    };

    private static string Kind(string kind, Language language) =>
        Template($"kind.{kind.Replace(' ', '-')}", language) ?? kind;

    private static string Shown(double number, string format) => format switch
    {
        "bytes" => Quantity.Bytes(number),
        "number" => Quantity.Number((long)number),
        "seconds" => number.ToString(number < 0.1 ? "0.##" : "0.#", CultureInfo.InvariantCulture),
        "minutes" => (number / 60).ToString("0.#", CultureInfo.InvariantCulture),
        // "{attempts:one|attempt|attempts}".
        _ => format.Split('|') is ["one", var one, var more] ? number == 1 ? one : more : format,
    };
}
