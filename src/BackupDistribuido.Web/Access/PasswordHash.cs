using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BackupDistribuido.Web.Access;

/// <summary>A password as it may stand in a file: <c>pbkdf2-sha512$ITERATIONS$SALT$HASH</c>, salt and hash in
/// base64.</summary>
public sealed class PasswordHash
{
    /// <summary>Least characters of a password.</summary>
    public const int Shortest = 8;

    private const string Scheme = "pbkdf2-sha512";
    private const int Iterations = 210_000, MostIterations = 10_000_000, SaltLength = 16, HashLength = 32;

    private readonly int _iterations;
    private readonly byte[] _salt, _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) =>
        (_iterations, _salt, _hash) = (iterations, salt, hash);

    /// <summary>The hash of a password, with its own salt.</summary>
    /// <exception cref="FormatException">It is too short.</exception>
    public static PasswordHash Of(string password)
    {
        if (password.Length < Shortest)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"a password has at least {Shortest} characters"));
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new PasswordHash(Iterations, salt, Derive(password, salt, Iterations));
    }

    /// <summary>Reads the text of one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PasswordHash Parse(string text)
    {
        if (text.Split('$') is not [Scheme, var iterations, var salt, var hash]) throw new FormatException();
        if (!int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1000
            or > MostIterations) throw new FormatException();
        var (salted, hashed) = (Convert.FromBase64String(salt), Convert.FromBase64String(hash));
        return salted.Length >= 8 && hashed.Length == HashLength
            ? new PasswordHash(count, salted, hashed) : throw new FormatException();
    }

    /// <summary>Whether that is the password. It takes a good part of a second.</summary>
    public bool Fits(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512,
            HashLength);
}
