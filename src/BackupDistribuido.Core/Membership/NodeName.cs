using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Membership;

/// <summary>
/// What people call a node, unique among the live origins or destinations of a coordinator: 1 to 64 of <c>A-Z a-z 0-9 .
/// _ -</c>, not beginning with a dot. It is also a folder's name at the destinations.
/// </summary>
public readonly record struct NodeName
{
    /// <summary>Longest name.</summary>
    public const int MaxLength = 64;

    private readonly string? _text;

    private NodeName(string text) => _text = text;

    /// <summary>Parses a name. <paramref name="why"/> says what is wrong with a refused one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeName name,
        [NotNullWhen(false)] out string? why)
    {
        why = text switch
        {
            null or "" => "a name is empty",
            { Length: > MaxLength } => $"the name {Shown(text[..16])}… has more than {MaxLength} characters",
            ['.', ..] => $"the name {Shown(text)} begins with a dot",
            _ when !text.All(IsAllowed) => $"the name {Shown(text)} has a character other than A-Z a-z 0-9 . _ -",
            _ => null,
        };
        name = why is null ? new NodeName(text!) : default;
        return why is null;
    }

    /// <summary>Parses a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static NodeName Parse(string text) =>
        TryParse(text, out var name, out var why) ? name : throw new FormatException(why);

    /// <summary>The nearest name to any text (a host's, a folder's): what is not allowed becomes <c>-</c>, the rest is
    /// cut.</summary>
    public static NodeName Nearest(string text)
    {
        var cleaned = new string([.. text.Select(c => IsAllowed(c) ? c : '-')]).TrimStart('.', '-').TrimEnd('-');
        if (cleaned.Length > MaxLength) cleaned = cleaned[..MaxLength];
        return new NodeName(cleaned.Length == 0 ? "node" : cleaned);
    }

    // A refused name may come from a stranger and goes into logs and onto terminals.
    private static string Shown(string text) => $"'{PathText.Display(text)}'";

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("A default NodeName is no name.");
}
