namespace BackupDistribuido.Core.Replicas;

/// <summary>In what an entry of a replica differs from its manifest.</summary>
public enum EntryFault
{
    /// <summary>The manifest has it, the replica has not.</summary>
    Missing,
    /// <summary>The replica has it, the manifest has not.</summary>
    Extra,
    /// <summary>It is of another kind, or another device.</summary>
    OtherKind,
    /// <summary>The file has another length.</summary>
    OtherSize,
    /// <summary>The file's SHA-256, or the link's target, is another one.</summary>
    OtherContent,
    /// <summary>The disk can't read it.</summary>
    Unreadable,
}

/// <summary>How faults are written.</summary>
public static class EntryFaults
{
    private static readonly string[] Words = ["missing", "extra", "kind", "size", "content", "unreadable"];

    /// <summary>Its word.</summary>
    public static string Spell(EntryFault fault) => Words[(int)fault];

    /// <summary>The fault of a word.</summary>
    public static bool TryParse(string text, out EntryFault fault)
    {
        var at = Array.IndexOf(Words, text);
        fault = (EntryFault)Math.Max(0, at);
        return at >= 0;
    }
}
