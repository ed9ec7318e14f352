using System.Security.Cryptography;
using System.Text;

namespace BackupDistribuido.Core.Peers;

/// <summary>
/// A plan's secret: 32 random bytes as 64 lower-case hex digits, given to the plan's members over the control plane and
/// shown by a parent when it greets a child. Compared in constant time; never written to a log.
/// </summary>
public readonly struct LinkSecret : IEquatable<LinkSecret>
{
    /// <summary>Hex digits of a secret.</summary>
    public const int TextLength = 64;

    private readonly string? _text;

    private LinkSecret(string text) => _text = text;

    /// <summary>A new one.</summary>
    public static LinkSecret New() => new(RandomNumberGenerator.GetHexString(TextLength, lowercase: true));

    /// <summary>Parses the text; false for anything else.</summary>
    public static bool TryParse(string? text, out LinkSecret secret)
    {
        var ok = text is { Length: TextLength } && text.All(c => char.IsAsciiHexDigitLower(c));
        secret = ok ? new LinkSecret(text!) : default;
        return ok;
    }

    /// <summary>The hex digits: only for the wire.</summary>
    public string Reveal() => _text ?? throw new InvalidOperationException("A default LinkSecret is no secret.");

    /// <inheritdoc/>
    public bool Equals(LinkSecret other) =>
        _text is not null && other._text is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(_text),
            Encoding.ASCII.GetBytes(other._text));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LinkSecret other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Never the secret.</summary>
    public override string ToString() => "(secret)";

    /// <summary>Equality in constant time.</summary>
    public static bool operator ==(LinkSecret a, LinkSecret b) => a.Equals(b);

    /// <summary>Inequality in constant time.</summary>
    public static bool operator !=(LinkSecret a, LinkSecret b) => !a.Equals(b);
}
