using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Naming;

/// <summary>
/// What people call a node, unique among the live origins or destinations of a coordinator: 1 to 64 of <c>A-Z a-z 0-9 .
/// _ -</c>, not beginning with a dot. It is also a folder's name at the destinations.
/// </summary>
public readonly record struct NodeName
{
    /// <summary>As a part of a reason.</summary>
    public static implicit operator ReasonValue(NodeName value) => value.ToString();

    /// <summary>Longest name.</summary>
    public const int MaxLength = 64;

    private readonly string? _text;

    private NodeName(string text) => _text = text;

    /// <summary>Parses a name. <paramref name="why"/> says what is wrong with a refused one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeName name,
        [NotNullWhen(false)] out Reason? why)
    {
        why = text switch
        {
            null or "" => SettingReason.NameEmpty,
            { Length: > MaxLength } => SettingReason.NameTooLong(Shown(text[..16]), MaxLength),
            ['.', ..] => SettingReason.NameBeginsWithDot(Shown(text)),
            _ when !text.All(IsAllowed) => SettingReason.NameHasBadCharacter(Shown(text)),
            _ => null,
        };
        name = why is null ? new NodeName(text!) : default;
        return why is null;
    }

    /// <summary>Parses a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static NodeName Parse(string text) =>
        TryParse(text, out var name, out var why) ? name : throw new FormatException(why.ToString());

    /// <summary>The nearest valid name for any text (a host's, a folder's): invalid characters become <c>-</c>, the
    /// rest is cut.</summary>
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
