using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Core.Patterns;

/// <summary>Reads the wildcard expressions of <c>gitignore(5)</c>, with the details of git's own
/// <c>wildmatch.c</c>.</summary>
internal static class GlobParser
{
    private static readonly SearchValues<byte> AnyButSlash =
        SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b != '/').Select(b => (byte)b)]);

    /// <summary>Compiles an expression. <paramref name="why"/> says what is wrong with one that is incomplete and can
    /// match nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Glob? glob,
        [NotNullWhen(false)] out string? why)
    {
        var steps = new List<GlobStep>(text.Length);
        (glob, why) = (null, null);
        for (var at = 0; at < text.Length;)
        {
            switch (text[at])
            {
                case (byte)'*':
                    steps.Add(Stars(text, ref at));
                    break;
                case (byte)'?':
                    steps.Add(new GlobStep(GlobStepKind.OneOf, Set: AnyButSlash));
                    at++;
                    break;
                case (byte)'[':
                    at++;
                    if (!CharacterClass.TryParse(text, ref at, out var set, out why)) return false;
                    steps.Add(new GlobStep(GlobStepKind.OneOf, Set: set));
                    break;
                case (byte)'\\' when ++at == text.Length:
                    why = "nothing follows the last backslash; write \\\\ for a backslash";
                    return false;
                default:
                    steps.Add(new GlobStep(GlobStepKind.Literal, text[at++]));
                    break;
            }
        }
        glob = new Glob([.. steps]);
        return true;
    }

    /// <summary>Two stars or more cross directories if they are whole names; elsewhere they are one star.</summary>
    private static GlobStep Stars(ReadOnlySpan<byte> text, ref int at)
    {
        var first = at;
        while (at < text.Length && text[at] == (byte)'*') at++;
        if (at - first == 1 || (first > 0 && text[first - 1] != (byte)'/')) return new GlobStep(GlobStepKind.Star);
        if (at == text.Length || text[at..].StartsWith("\\/"u8)) return new GlobStep(GlobStepKind.Everything);
        if (text[at] != (byte)'/') return new GlobStep(GlobStepKind.Star);
        at++;
        return new GlobStep(GlobStepKind.Directories);
    }
}
