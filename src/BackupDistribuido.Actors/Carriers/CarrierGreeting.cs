using System.Diagnostics.CodeAnalysis;
using System.Text;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// The first line of each side of a carrier: <c>BDIST-CONTROL/1 token</c>, or <c>ERROR reason</c> and the door. A token
/// is 1 to 64 of <c>a-z 0-9 -</c>; the coordinator's is <c>coordinator</c>.
/// </summary>
internal static class CarrierGreeting
{
    /// <summary>Longest line, with its line feed.</summary>
    public const int MaxLength = 256;

    private const string Opening = "BDIST-CONTROL/1 ";
    private const string ErrorOpening = "ERROR ";
    private const int MaxToken = 64;

    public static byte[] Hello(string token) => Encoding.ASCII.GetBytes($"{Opening}{token}\n");

    public static byte[] Error(string reason) => Encoding.ASCII.GetBytes($"{ErrorOpening}{reason}\n");

    public static bool TryParse(string line, [NotNullWhen(true)] out string? token,
        [NotNullWhen(false)] out string? error)
    {
        token = error = null;
        if (line.StartsWith(ErrorOpening, StringComparison.Ordinal))
            error = "it says: " + line[ErrorOpening.Length..];
        else if (!line.StartsWith("BDIST-CONTROL/", StringComparison.Ordinal))
            error = "it is something else than a BackupDistribuido node";
        else if (!line.StartsWith(Opening, StringComparison.Ordinal))
            error = "it speaks another version of the protocol";
        else if (line[Opening.Length..] is { Length: > 0 and <= MaxToken } text
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            token = text;
        else
            error = "it gave itself no valid name";
        return token is not null;
    }

    /// <summary>Reads one line and not a byte more; what no line of ours can hold is shown as <c>?</c>.</summary>
    public static async Task<string> ReadLineAsync(PeerConnection connection, CancellationToken cancel)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < MaxLength)
        {
            if (await connection.ReadAsync(one, cancel).ConfigureAwait(false) == 0)
                throw line.Length == 0 ? CarrierRefusedException.Silent() : new CarrierRefusedException("it closed the connection in mid-greeting");
            if (one[0] == (byte)'\n') return line.ToString();
            line.Append(one[0] is >= 0x20 and < 0x7f ? (char)one[0] : '?');
        }
        return line.ToString();
    }
}
