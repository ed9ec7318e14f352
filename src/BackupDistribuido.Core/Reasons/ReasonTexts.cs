namespace BackupDistribuido.Core.Reasons;

/// <summary>Reasons as texts for people (<see cref="Texts"/>).</summary>
public static class ReasonTexts
{
    /// <summary>A reason may have another in it; no deeper than this.</summary>
    private const int Deepest = 6;

    /// <summary>The reason in one sentence; one with an unknown code, of a newer node, as it was sent.</summary>
    public static string Of(Reason reason, Language language) => Of(reason, language, 0);

    /// <summary>The same of a reason that is so many reasons deep in another.</summary>
    internal static string Of(Reason reason, Language language, int depth)
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
        return Texts.Template(reason.Code, language) is { } template
            ? Texts.Filled(template,
                (name, format) => Texts.Shown(reason.Find(name) ?? "…", format, language, depth))
            : reason.Encode();
    }
}
