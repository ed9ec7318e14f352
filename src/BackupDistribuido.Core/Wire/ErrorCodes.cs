namespace BackupDistribuido.Core.Wire;

/// <summary>How error codes are spelled on the wire: their names in lower case.</summary>
public static class ErrorCodes
{
    private static readonly string[] Spellings =
        [.. Enum.GetNames<ErrorCode>().Select(name => name.ToLowerInvariant())];

    /// <summary>The code's spelling.</summary>
    public static string Spell(ErrorCode code) => Spellings[(int)code];

    /// <summary>Parses a spelling.</summary>
    public static bool TryParse(string text, out ErrorCode code)
    {
        var at = Array.IndexOf(Spellings, text);
        code = at < 0 ? default : (ErrorCode)at;
        return at >= 0;
    }
}
