using System.Diagnostics.CodeAnalysis;
using System.Text;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Text;
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

    public static byte[] Error(Reason reason) =>
        Encoding.ASCII.GetBytes($"{ErrorOpening}{PathText.ToAscii(reason.Within(MaxLength - 16).Encode())}\n");

    public static bool TryParse(string line, [NotNullWhen(true)] out string? token,
        [NotNullWhen(false)] out Reason? error)
    {
        (token, error) = (null, null);
        if (line.StartsWith(ErrorOpening, StringComparison.Ordinal))
            error = ControlReason.Refused(Reason.Parse(line[ErrorOpening.Length..]));
        else if (!line.StartsWith("BDIST-CONTROL/", StringComparison.Ordinal))
            error = ControlReason.NotOurs;
        else if (!line.StartsWith(Opening, StringComparison.Ordinal))
            error = ControlReason.OtherVersion;
        else if (line[Opening.Length..] is { Length: > 0 and <= MaxToken } text
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            token = text;
        else
            error = ControlReason.NoName;
        return token is not null;
    }

    /// <summary>Reads one line and not a byte more; bytes that can't occur in our lines are shown as
    /// <c>?</c>.</summary>
    public static async Task<string> ReadLineAsync(PeerConnection connection, CancellationToken cancel)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < MaxLength)
        {
            if (await connection.ReadAsync(one, cancel).ConfigureAwait(false) == 0)
                throw line.Length == 0
                    ? CarrierRefusedException.Silent() : new CarrierRefusedException(ControlReason.ClosedInGreeting);
            if (one[0] == (byte)'\n') return line.ToString();
            line.Append(one[0] is >= 0x20 and < 0x7f ? (char)one[0] : '?');
        }
        return line.ToString();
    }
}
