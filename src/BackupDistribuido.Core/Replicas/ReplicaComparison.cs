using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Replicas;

/// <summary>Compares a replica with its manifest, as far as possible without reading content. Pure, and in one pass: it
/// remembers one entry of each.</summary>
public static class ReplicaComparison
{
    /// <summary>
    /// Pairs the entries of two sequences, each in the order of a manifest, by their paths: null if the other one has
    /// no such path. Both are walked together and not ahead, so that a walk of the disk is at the position of the pair.
    /// </summary>
    public static IEnumerable<(Entry? Said, Entry? Found)> Pair(IEnumerable<Entry> said, IEnumerable<Entry> found)
    {
        using var left = said.GetEnumerator();
        using var right = found.GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Path.CompareTo(right.Current.Path);
            yield return (order <= 0 ? left.Current : null, order >= 0 ? right.Current : null);
            if (order <= 0) hasLeft = left.MoveNext();
            if (order >= 0) hasRight = right.MoveNext();
        }
    }

    /// <summary>What is wrong with an entry; null if nothing is, which does not cover a file's content.</summary>
    /// <param name="said">The manifest's entry, for a hard link the file that it is another name of; null: the manifest
    /// has none there.</param>
    /// <param name="found">The entry on the disk; null: none. An omitted entry is one that can't be read.</param>
    /// <param name="lacks">What this replica is known to be without.</param>
    /// <exception cref="ArgumentException">A hard link: it has to be looked up first.</exception>
    public static EntryFault? WhyNot(Entry? said, Entry? found, ReplicaLimits lacks) => (said, found) switch
    {
        (HardLinkEntry, _) or (_, HardLinkEntry) =>
            throw new ArgumentException("A hard link is told by what it is another name of.", nameof(said)),
        (null or OmittedEntry, null) => null,
        (null or OmittedEntry, _) => EntryFault.Extra,
        (SymbolicLinkEntry, null) when lacks.HasFlag(ReplicaLimits.SymbolicLinks) => null,
        (SpecialEntry, null) when lacks.HasFlag(ReplicaLimits.SpecialFiles) => null,
        (_, null) => EntryFault.Missing,
        (_, OmittedEntry) => EntryFault.Unreadable,
        (DirectoryEntry, DirectoryEntry) => null,
        (FileEntry announced, FileEntry there) =>
            announced.Stamp.Size == there.Stamp.Size ? null : EntryFault.OtherSize,
        (SymbolicLinkEntry announced, SymbolicLinkEntry there) =>
            announced.Target.Span.SequenceEqual(there.Target.Span) ? null : EntryFault.OtherContent,
        (SpecialEntry announced, SpecialEntry there) =>
            (announced.Kind, announced.Major, announced.Minor) == (there.Kind, there.Major, there.Minor)
                ? null : EntryFault.OtherKind,
        _ => EntryFault.OtherKind,
    };
}
