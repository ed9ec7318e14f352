using System.Security.Cryptography;
using System.Text;

namespace BackupDistribuido.Web.Metrics;

/// <summary>The key that a program shows to read the metrics: <c>Authorization: Bearer KEY</c>.</summary>
public sealed class MetricsKey
{
    /// <summary>Fewest characters: less could be guessed.</summary>
    public const int Fewest = 16;

    private const string Scheme = "Bearer ";

    private readonly byte[] _digest;

    private MetricsKey(string key) => _digest = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The key in a file's text, without the white space around it.</summary>
    /// <exception cref="FormatException">It is shorter than <see cref="Fewest"/>, or has more in it than visible
    /// ASCII.</exception>
    public static MetricsKey Parse(string text) =>
        text.Trim() is { Length: >= Fewest } key && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? new MetricsKey(key)
        : throw new FormatException(
            FormattableString.Invariant($"it needs one line of at least {Fewest} visible ASCII characters"));

    /// <summary>Whether a request with that header may read them.</summary>
    public bool Fits(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]
            .Trim())), _digest);
}
