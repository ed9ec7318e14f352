using System.Collections;

namespace BackupDistribuido.Core.Reasons;

/// <summary>
/// Messages of the system and of libraries that pass them on, in Spanish. They are in English: nodes run in the C
/// locale, or without the system's translations. The resource files have their texts under <c>foreign.</c>; messages of
/// other programs stay as they are.
/// </summary>
internal static class ForeignText
{
    private const string Prefix = "foreign.";

    /// <summary>A text may have another in it; no deeper than this.</summary>
    private const int Deepest = 6;

    // The names are numbered: less specific patterns come last.
    private static readonly Lazy<List<Form>> Forms = new(() =>
    [
        .. Texts.All(Language.English).Cast<DictionaryEntry>()
            .Select(one => (Name: (string)one.Key, English: (string)one.Value!))
            .Where(one => one.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => new Form(one.English, Texts.Template(one.Name, Language.Spanish) ?? one.English)),
    ]);

    /// <summary>The text in Spanish, as far as it is known.</summary>
    public static string Spanish(string text) => Spanish(text, 0);

    private static string Spanish(string text, int depth)
    {
        if (depth == Deepest) return text;
        foreach (var form in Forms.Value)
        {
            if (form.ValuesOf(text) is not { } values) continue;
            return form.Filled(values.Select(value => Spanish(value, depth + 1)));
        }
        // The source of the message, or a place, may come first.
        var colon = text.IndexOf(": ", StringComparison.Ordinal) + 2;
        return colon < 2 ? text : text[..colon] + Spanish(text[colon..], depth + 1);
    }

    /// <summary>A sentence with places for values, <c>{0}</c> first.</summary>
    private sealed class Form(string english, string spanish)
    {
        private readonly string[] _pieces = Pieces(english);

        /// <summary>The values of its placeholders; null: the text has another form.</summary>
        public List<string>? ValuesOf(string text)
        {
            if (_pieces.Length == 1) return text == english ? [] : null;
            if (!text.StartsWith(_pieces[0], StringComparison.Ordinal)) return null;
            if (!text.EndsWith(_pieces[^1], StringComparison.Ordinal)) return null;
            var (values, at, end) = (new List<string>(), _pieces[0].Length, text.Length - _pieces[^1].Length);
            for (var i = 1; i < _pieces.Length; i++)
            {
                var next = i == _pieces.Length - 1 ? end
                    : at <= end ? text.IndexOf(_pieces[i], at, end - at, StringComparison.Ordinal) : -1;
                if (next < at) return null;
                values.Add(text[at..next]);
                at = next + _pieces[i].Length;
            }
            return values;
        }

        public string Filled(IEnumerable<string> values) => string.Format(null, spanish, [.. values]);

        private static string[] Pieces(string text)
        {
            for (var i = 0; text.Contains('{', StringComparison.Ordinal); i++)
                text = text.Replace($"{{{i}}}", "\0", StringComparison.Ordinal);
            return text.Split('\0');
        }
    }
}
