using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace BackupDistribuido.Core.Patterns;

/// <summary>Reads <c>[abc]</c>, <c>[a-c]</c>, <c>[!abc]</c> or <c>[^abc]</c>, <c>[[:alpha:]]</c> and their
/// mixtures.</summary>
internal static class CharacterClass
{
    /// <summary>
    /// Reads a class; <paramref name="at"/> is after its <c>[</c> before the call and after its <c>]</c> afterwards. A
    /// <c>]</c> that comes first is a member, and so is a <c>-</c> that is not between two characters.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ref int at, [NotNullWhen(true)] out SearchValues<byte>? set,
        [NotNullWhen(false)] out string? why)
    {
        (set, why) = (null, "a '[' has no ']'; write \\[ for a bracket");
        var negated = at < text.Length && text[at] is (byte)'!' or (byte)'^';
        if (negated) at++;
        var members = new bool[256];
        byte? before = null;
        for (var first = at; ; at++)
        {
            if (at >= text.Length) return false;
            if (text[at] == (byte)']' && at > first) break;
            if (text[at] == (byte)'-' && before is { } low && at + 1 < text.Length && text[at + 1] != (byte)']')
            {
                at++;
                if (!TryMember(text, ref at, out var high)) return false;
                for (int member = low; member <= high; member++) members[member] = true;
                before = null;
            }
            else if (Named(text[at..]) is { } name)
            {
                if (!TryAdd(name, members))
                {
                    why = $"there is no class [:{Encoding.Latin1.GetString(name)}:]; use alpha, digit, alnum, upper, "
                        + "lower, space, blank, punct, print, graph, cntrl or xdigit";
                    return false;
                }
                at += name.Length + "[::".Length;
                before = null;
            }
            else
            {
                if (!TryMember(text, ref at, out var member)) return false;
                members[member] = true;
                before = member;
            }
        }
        at++;
        set = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => members[b] != negated && b != '/')
            .Select(b => (byte)b)]);
        return true;
    }

    private static bool TryMember(ReadOnlySpan<byte> text, ref int at, out byte member)
    {
        if (text[at] == (byte)'\\') at++;
        member = at < text.Length ? text[at] : (byte)0;
        return at < text.Length;
    }

    /// <summary>The name in <c>[:name:]</c>, where the text begins so; null where the bracket is a member as any
    /// other.</summary>
    private static byte[]? Named(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("[:"u8)) return null;
        var end = text.IndexOf((byte)']');
        return end > 2 && text[end - 1] == (byte)':' ? text[2..(end - 1)].ToArray() : null;
    }

    private static bool TryAdd(ReadOnlySpan<byte> name, bool[] members)
    {
        Func<char, bool>? isMember = Encoding.Latin1.GetString(name) switch
        {
            "alpha" => char.IsAsciiLetter,
            "digit" => char.IsAsciiDigit,
            "alnum" => char.IsAsciiLetterOrDigit,
            "upper" => char.IsAsciiLetterUpper,
            "lower" => char.IsAsciiLetterLower,
            "xdigit" => char.IsAsciiHexDigit,
            "blank" => static c => c is ' ' or '\t',
            // Git's, which is narrower than that of C.
            "space" => static c => c is ' ' or '\t' or '\n' or '\r',
            "cntrl" => static c => c is < ' ' or '\x7f',
            "print" => static c => c is >= ' ' and <= '~',
            "graph" => static c => c is > ' ' and <= '~',
            "punct" => static c => c is > ' ' and <= '~' && !char.IsAsciiLetterOrDigit(c),
            _ => null,
        };
        if (isMember is null) return false;
        for (var c = '\0'; c <= '\x7f'; c++) members[c] |= isMember(c);
        return true;
    }
}
