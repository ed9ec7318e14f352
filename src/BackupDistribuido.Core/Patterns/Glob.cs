namespace BackupDistribuido.Core.Patterns;

/// <summary>
/// A wildcard expression over the bytes of a name, or of a path whose names are joined by <c>/</c>; compiled once.
/// Matching allocates nothing, and its time grows with text times expression, whatever they are.
/// </summary>
internal sealed class Glob
{
    private readonly GlobStep[] _steps;
    private readonly byte[] _tail;

    internal Glob(GlobStep[] steps)
    {
        _steps = steps;
        _tail = [.. steps[(Array.FindLastIndex(steps, step => step.Kind != GlobStepKind.Literal) + 1)..]
            .Select(step => step.Byte)];
    }

    /// <summary>True if the expression matches the whole text.</summary>
    public bool Matches(ReadOnlySpan<byte> text) => text.EndsWith(_tail) && Walk(text);

    /// <summary>
    /// Takes the steps in turn. If one fails, the last <c>*</c> takes one byte more, and if it can't, the last
    /// <c>**</c> does; earlier stars need not be tried again, because their first position leaves the most room for
    /// later ones.
    /// </summary>
    private bool Walk(ReadOnlySpan<byte> text)
    {
        var (step, at) = (0, 0);
        var (star, starEnd) = (-1, 0);
        var (wide, wideEnd) = (-1, 0);
        while (true)
        {
            if (step == _steps.Length)
            {
                if (at == text.Length) return true;
            }
            else if (_steps[step].Kind == GlobStepKind.Star)
            {
                (star, starEnd) = (step++, at);
                continue;
            }
            else if (_steps[step].Kind is GlobStepKind.Everything or GlobStepKind.Directories)
            {
                (wide, wideEnd, star) = (step++, at, -1);
                continue;
            }
            else if (at < text.Length && _steps[step].Takes(text[at]))
            {
                step++;
                at++;
                continue;
            }

            if (star >= 0 && starEnd < text.Length && text[starEnd] != (byte)'/')
            {
                (step, at) = (star + 1, ++starEnd);
            }
            else
            {
                if (wide < 0 || Widen(text, _steps[wide].Kind, wideEnd) is not { } next) return false;
                (step, at, wideEnd, star) = (wide + 1, next, next, -1);
            }
        }
    }

    private static int? Widen(ReadOnlySpan<byte> text, GlobStepKind kind, int end)
    {
        if (kind == GlobStepKind.Everything) return end < text.Length ? end + 1 : null;
        return text[end..].IndexOf((byte)'/') is >= 0 and var slash ? end + slash + 1 : null;
    }
}
