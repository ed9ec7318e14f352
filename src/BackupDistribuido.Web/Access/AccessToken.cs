using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BackupDistribuido.Web.Access;

/// <summary>A key to a node's pages: <see cref="Shortest"/> to <see cref="Longest"/> letters, digits, <c>-</c> and <c>_</c>.</summary>
public sealed class AccessToken
{
    /// <summary>Least characters.</summary>
    public const int Shortest = 20;

    /// <summary>Most characters.</summary>
    public const int Longest = 128;

    private readonly string _text;

    private AccessToken(string text) => _text = text;

    /// <summary>One of 256 random bits.</summary>
    public static AccessToken Random() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static AccessToken Parse(string text) => text.Length is >= Shortest and <= Longest && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        ? new AccessToken(text) : throw new FormatException();

    /// <summary>Whether that is it, in a time that does not tell how much of it was right.</summary>
    public bool Is(string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(_text));

    /// <summary>The characters. They are for the owner's eyes, and go into no log.</summary>
    public override string ToString() => _text;
}
