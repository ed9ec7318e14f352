using System.Globalization;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Parts;

/// <summary>
/// Why something is as it is, in the page's language. Reasons reach a page as English sentences, over the wire and out
/// of the record; those that nodes make, and what the system says, are known by their form (<see cref="ReasonTable"/>).
/// What a foreign program said stays as it is.
/// </summary>
internal static class Reasons
{
    /// <summary>A reason may have another in it; no deeper than this.</summary>
    private const int Deepest = 6;

    private static readonly List<Form> Forms = [.. ReasonTable.Rows.Select(row => new Form(row.English, row.Spanish))];

    /// <summary>One reason.</summary>
    public static string Text(string reason, View view) =>
        view.Language == Language.Spanish ? Translated(reason, 0) : reason;

    /// <summary>A run's plan: who forwards to whom, and in brackets why, one reason or several.</summary>
    public static string Plan(string plan, View view)
    {
        if (view.Language != Language.Spanish) return plan;
        // Who forwards to whom has brackets too.
        for (var at = plan.IndexOf(" (", StringComparison.Ordinal); at >= 0
            && plan.EndsWith(')'); at = plan.IndexOf(" (", at + 1, StringComparison.Ordinal))
        {
            var whys = Whys(plan[(at + 2)..^1]);
            if (Translated(whys[0], 0) != whys[0])
                return $"{plan[..at]} ({string.Join("; ", whys.Select(why => Translated(why, 0)))})";
        }
        return plan;
    }

    /// <summary>Several reasons, one after the other. A semicolon within brackets is part of a reason.</summary>
    private static List<string> Whys(string all)
    {
        List<string> whys = [];
        foreach (var piece in all.Split("; "))
        {
            if (whys is [.., var last] && last.Count(c => c == '(') > last.Count(c => c == ')'))
                whys[^1] = $"{last}; {piece}";
            else whys.Add(piece);
        }
        return whys;
    }

    private static string Translated(string reason, int depth)
    {
        if (depth == Deepest) return reason;
        foreach (var form in Forms)
        {
            if (form.ValuesOf(reason) is { } values)
                return string.Format(CultureInfo.InvariantCulture, form.Spanish,
                    [.. values.Select(value => new Value(value, depth))]);
        }
        // Who says so, or where, may stand in front.
        var colon = reason.IndexOf(": ", StringComparison.Ordinal) + 2;
        return colon < 2 ? reason : reason[..colon] + Translated(reason[colon..], depth + 1);
    }

    /// <summary>A value within a reason: a reason of its own, a name, a figure; with the format <c>kinds</c> a list of
    /// <see cref="ReasonTable.Kinds"/>.</summary>
    private sealed record Value(string Text, int Depth) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) =>
            format == "kinds"
                ? string.Join(", ", Text.Split(", ").Select(kind => ReasonTable.Kinds.GetValueOrDefault(kind, kind)))
                : Translated(Text, Depth + 1);
    }

    /// <summary>A sentence with places for values, <c>{0}</c> first.</summary>
    private sealed class Form(string english, string spanish)
    {
        private readonly string[] _pieces = Pieces(english);

        public string Spanish => spanish;

        /// <summary>What stands in its places; null: the reason has another form.</summary>
        public List<string>? ValuesOf(string reason)
        {
            if (_pieces.Length == 1) return reason == english ? [] : null;
            if (!reason.StartsWith(_pieces[0], StringComparison.Ordinal)
                || !reason.EndsWith(_pieces[^1], StringComparison.Ordinal)) return null;
            var (values, at, end) = (new List<string>(), _pieces[0].Length, reason.Length - _pieces[^1].Length);
            for (var i = 1; i < _pieces.Length; i++)
            {
                var next = i == _pieces.Length - 1
                    ? end : at <= end ? reason.IndexOf(_pieces[i], at, end - at, StringComparison.Ordinal) : -1;
                if (next < at) return null;
                values.Add(reason[at..next]);
                at = next + _pieces[i].Length;
            }
            return values;
        }

        private static string[] Pieces(string text)
        {
            for (var i = 0; text.Contains('{', StringComparison.Ordinal); i++)
                text = text.Replace($"{{{i}}}", "\0", StringComparison.Ordinal);
            return text.Split('\0');
        }
    }
}
