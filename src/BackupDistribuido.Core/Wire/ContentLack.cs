namespace BackupDistribuido.Core.Wire;

/// <summary>Why content is not to be had at a node.</summary>
public enum ContentLack
{
    /// <summary>There is no such content.</summary>
    Unknown,
    /// <summary>What is there is not that content any more.</summary>
    Damaged,
    /// <summary>It can't be read.</summary>
    Unreadable,
}

/// <summary>The words for it on the wire.</summary>
internal static class ContentLacks
{
    private static readonly string[] Words = ["unknown", "damaged", "unreadable"];

    /// <summary>The word.</summary>
    public static string Spell(ContentLack why) => Words[(int)why];

    /// <summary>Reads the word; false for any other.</summary>
    public static bool TryParse(string word, out ContentLack why)
    {
        var at = Array.IndexOf(Words, word);
        why = at < 0 ? default : (ContentLack)at;
        return at >= 0;
    }
}
