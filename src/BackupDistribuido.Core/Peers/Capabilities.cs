using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace BackupDistribuido.Core.Peers;

/// <summary>
/// What a link may do beyond the frames that each link has (docs/protocol.md, "Greeting"): words by growing bytes, as
/// text parted by commas, or <c>-</c> for none. Words that this program does not know are kept and mean nothing.
/// </summary>
public sealed class Capabilities : IEquatable<Capabilities>
{
    /// <summary>After the seal a child may ask for content by its digest.</summary>
    public const string Content = "content";

    private const int Most = 8, LongestWord = 16;

    private readonly ImmutableArray<string> _words;

    private Capabilities(ImmutableArray<string> words) => _words = words;

    /// <summary>None.</summary>
    public static Capabilities None { get; } = new([]);

    /// <summary>All that this program has.</summary>
    public static Capabilities Known { get; } = new([Content]);

    /// <summary>Parses the text; there is one spelling.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Capabilities? capabilities)
    {
        capabilities = text == "-" ? None : null;
        if (capabilities is not null) return true;
        var words = text.Split(',');
        if (words.Length > Most || !words.All(IsWord)) return false;
        for (var i = 1; i < words.Length; i++)
        {
            if (string.CompareOrdinal(words[i - 1], words[i]) >= 0) return false;
        }
        capabilities = new Capabilities([.. words]);
        return true;
    }

    /// <summary>Parses the text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Capabilities Parse(string text) =>
        TryParse(text, out var parsed) ? parsed : throw new FormatException($"'{text}' is no list of capabilities");

    /// <summary>Whether the word is among them.</summary>
    public bool Has(string word) => _words.Contains(word);

    /// <summary>Those that are in both.</summary>
    public Capabilities And(Capabilities other) => new([.. _words.Where(other.Has)]);

    /// <inheritdoc/>
    public bool Equals(Capabilities? other) => other is not null && _words.SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Capabilities);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text.</summary>
    public override string ToString() => _words.IsEmpty ? "-" : string.Join(',', _words);

    private static bool IsWord(string word) =>
        word.Length is > 0 and <= LongestWord && char.IsAsciiLetterLower(word[0])
            && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
