using System.Globalization;

namespace BackupDistribuido.Core.Replicas;

/// <summary>Properties of a tree that a destination's file system, or its user, could not hold. The manifest has them
/// all the same.</summary>
[Flags]
public enum ReplicaLimits
{
    /// <summary>It holds everything.</summary>
    None = 0,
    /// <summary>Owners and groups: only root gives files away.</summary>
    Owners = 1,
    /// <summary>Permission bits, or set-uid and set-gid where they would mean another user.</summary>
    Modes = 2,
    /// <summary>Extended attributes or access control lists.</summary>
    Attributes = 4,
    /// <summary>Hard links: each name is a separate copy.</summary>
    HardLinks = 8,
    /// <summary>Symbolic links: they are missing.</summary>
    SymbolicLinks = 16,
    /// <summary>Device nodes, named pipes or sockets: they are missing.</summary>
    SpecialFiles = 32,
    /// <summary>Times to the nanosecond: they are rounded.</summary>
    Times = 64,
    /// <summary>Some entries' names: those entries, and what lies below them, are missing, and are listed one by
    /// one.</summary>
    Names = 128,
}

/// <summary>What a replica lacks: kinds of properties, and how many entries of the manifest are missing from the tree
/// because of them.</summary>
public readonly record struct ReplicaShortfall(ReplicaLimits Limits, long Missing)
{
    private const string Separator = ", ";
    private const string MissingWord = "missing ";

    private static readonly (ReplicaLimits Limit, string Text)[] Texts =
    [
        (ReplicaLimits.Names, "names"), (ReplicaLimits.SymbolicLinks, "symbolic links"),
            (ReplicaLimits.SpecialFiles, "special files"), (ReplicaLimits.HardLinks, "hard links"),
        (ReplicaLimits.Owners, "owners"), (ReplicaLimits.Modes, "modes"),
            (ReplicaLimits.Attributes, "extended attributes"), (ReplicaLimits.Times, "exact times"),
    ];

    /// <summary>The kinds in words, <c>owners, extended attributes</c>; empty where it lacks nothing.</summary>
    public override string ToString()
    {
        var limits = Limits;
        return string.Join(Separator, Texts.Where(text => limits.HasFlag(text.Limit)).Select(text => text.Text));
    }

    /// <summary>All of it in one line, <c>missing 2: symbolic links, owners</c>.</summary>
    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{MissingWord}{Missing}: {this}");

    /// <summary>Reads what <see cref="Format"/> has written, and nothing else.</summary>
    public static bool TryParse(string text, out ReplicaShortfall shortfall)
    {
        shortfall = default;
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0 || !text.StartsWith(MissingWord, StringComparison.Ordinal)) return false;
        if (!long.TryParse(text.AsSpan(MissingWord.Length, colon - MissingWord.Length), NumberStyles.None,
            CultureInfo.InvariantCulture, out var missing)) return false;
        var words = text[(colon + 2)..].Split(Separator);
        var limits = Texts.Where(known => words.Contains(known.Text))
            .Aggregate(ReplicaLimits.None, (all, known) => all | known.Limit);
        shortfall = new ReplicaShortfall(limits, missing);
        return shortfall.Format() == text;
    }
}
