using System.Runtime.CompilerServices;

namespace BackupDistribuido.Web.Tests.Components;

/// <summary>Texts as the sources of src/ make them, with something in place of each value.</summary>
internal static class SourceTexts
{
    private static readonly string Folder =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src"));

    /// <summary>Every C# file of the other projects, by its path below src/.</summary>
    public static IEnumerable<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "BackupDistribuido.Web")),
    ];

    /// <summary>A file's lines.</summary>
    public static IEnumerable<string> Lines(string file) => File.ReadLines(Path.Combine(Folder, file));

    /// <summary>The texts of a file's lines that <paramref name="makes"/> picks, and of the lines that go on with them.
    /// One with a choice in it is there once for each.</summary>
    public static IEnumerable<string> Of(string file, Func<string, bool> makes)
    {
        var goesOn = false;
        foreach (var line in Lines(file))
        {
            var begin = line.TrimStart();
            if (begin.StartsWith("//", StringComparison.Ordinal)) continue;
            goesOn = makes(line) || (goesOn && begin is ['?' or ':' or '$' or '"', ..]);
            if (!goesOn) continue;
            foreach (var text in Literals(line)) yield return text;
        }
    }

    /// <summary>All texts of the string literals in a piece of code.</summary>
    private static IEnumerable<string> Literals(string code)
    {
        for (var at = code.IndexOf('"', StringComparison.Ordinal); at >= 0; at = code.IndexOf('"', at))
        {
            var (texts, end) = Literal(code, at + 1, at > 0 && code[at - 1] == '$');
            foreach (var text in texts) yield return text;
            at = end;
            if (at >= code.Length) break;
        }
    }

    private static (List<string> Texts, int End) Literal(string code, int at, bool hasHoles)
    {
        var texts = new List<string> { "" };
        for (; code[at] != '"'; at++)
        {
            if (code[at] == '{' && hasHoles)
            {
                var end = HoleEnd(code, at + 1);
                var values = Values(code[(at + 1)..end]);
                texts = [.. texts.SelectMany(text => values.Select(value => text + value))];
                at = end;
            }
            else
            {
                if (code[at] == '\\') at++;
                for (var i = 0; i < texts.Count; i++) texts[i] += code[at];
            }
        }
        return (texts, at + 1);
    }

    private static int HoleEnd(string code, int at)
    {
        for (var depth = 0; depth > 0 || code[at] != '}'; at++)
        {
            if (code[at] == '"') at = Literal(code, at + 1, code[at - 1] == '$').End - 1;
            else if (code[at] is '{' or '(') depth++;
            else if (code[at] is '}' or ')') depth--;
        }
        return at;
    }

    /// <summary>What may stand in a hole: each of the texts that it chooses from, or some value.</summary>
    private static List<string> Values(string hole)
    {
        if (hole.StartsWith("Word(", StringComparison.Ordinal)) return ["origin", "destination"];
        var chosen = hole.Contains('?', StringComparison.Ordinal) ? Literals(hole).ToList() : [];
        return chosen.Count > 0 ? chosen : ["v7"];
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
