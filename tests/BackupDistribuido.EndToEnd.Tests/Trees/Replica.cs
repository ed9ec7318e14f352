namespace BackupDistribuido.EndToEnd.Tests.Trees;

/// <summary>A copy under <c>ROOT/&lt;origin&gt;</c>, looked at with the tools that a person has.</summary>
internal sealed class Replica(TemporaryFolder folder, string root, string origin)
{
    /// <summary>The name that a named pipe has in every tree: <c>diff</c> finds two of them different.</summary>
    public const string Pipe = "pipe";

    public string Folder => Path.Combine(root, origin);

    public string Latest => Path.Combine(Folder, "latest");

    /// <summary>The ids of the published snapshots, oldest first; empty where nothing was ever published.</summary>
    public IReadOnlyList<string> Snapshots => Directory.Exists(Path.Combine(Folder, "snapshots"))
        ? [.. Directory.GetDirectories(Path.Combine(Folder, "snapshots")).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)]
        : [];

    public string Snapshot(string id) => Path.Combine(Folder, "snapshots", id);

    /// <summary>Same content, modes, owners, links, and times to the nanosecond, of files, directories and links
    /// alike.</summary>
    public void IsEqualTo(string source) => Assert.Equal(Listing(source), Listing(Latest));

    /// <summary><see cref="IsEqualTo"/>, <c>diff -r</c> finds nothing, and <c>sha256sum -c</c> passes.</summary>
    public void IsFaithfulTo(string source)
    {
        folder.Do($"diff -r --no-dereference -x {Pipe} '{source}' '{Latest}/'");
        ChecksumsPass();
        IsEqualTo(source);
    }

    /// <summary>
    /// An independent judge finds nothing to do: hard links, access control lists, extended attributes, owners, special
    /// files, times and content. It takes two files that became one for right, so the names of each inode are compared
    /// too.
    /// </summary>
    public void IsRightFor(string source)
    {
        Assert.Equal("",
            folder.Do($"rsync -aHAXSc --numeric-ids --dry-run --itemize-changes --delete '{source}/' '{Latest}/'"));
        Assert.Equal(LinkGroups(source), LinkGroups(Latest));
    }

    // Names outside the tree do not count: an unchanged file has one in the snapshot before.
    private string LinkGroups(string tree) => folder.Do($$"""
        cd '{{tree}}/'
        find . ! -type d -links +1 -printf '%i %P\n' | LC_ALL=C sort -k2 |
            awk '{ i = $1; sub(/^[0-9]+ /, ""); at[NR] = i; name[NR] = $0; names[i]++ } END { for (r = 1; r <= NR; r++) if (names[at[r]] > 1) { if (!(at[r] in n)) n[at[r]] = ++k; print n[at[r]], name[r] } }'
        """);

    /// <summary><c>sha256sum -c</c>, as the README says it.</summary>
    public void ChecksumsPass() =>
        folder.Do(
            $"id=$(readlink '{Latest}'); cd '{Folder}'/$id && sha256sum --quiet --strict -c "
            + $"../../manifests/${{id##*/}}.sha256");

    /// <summary>
    /// Whatever is published is whole, however its destination ended: each snapshot has both manifests, the bytes and
    /// names of the source, and the digests of its own checksum file.
    /// </summary>
    public void EachSnapshotIsWhole(string source)
    {
        foreach (var id in Snapshots)
        {
            folder.Do($"""
                diff -r --no-dereference -x {Pipe} '{source}' '{Snapshot(id)}/'
                test "$(cd '{source}' && find . -name {Pipe} -type p | sort)" = "$(cd '{Snapshot(id)}' && find . -name {Pipe} -type p | sort)"
                cd '{Snapshot(id)}' && sha256sum --quiet --strict -c ../../manifests/{id}.sha256
                test "$(wc -l < ../../manifests/{id}.sha256)" = "$(find . -type f | wc -l)"
                test -s ../../manifests/{id}.manifest
                """);
        }
    }

    /// <summary>Nothing is left of unfinished work: staging is empty, and manifests and snapshots go in
    /// pairs.</summary>
    public void HasNoLeftovers()
    {
        var left = Directory.GetFileSystemEntries(Path.Combine(Folder, "staging"));
        Assert.True(left.Length == 0, $"left in staging: {string.Join(", ", left)}");
        Assert.Equal(Snapshots.SelectMany(id => new[] { $"{id}.intake", $"{id}.manifest", $"{id}.sha256" }),
            Directory.GetFileSystemEntries(Path.Combine(Folder, "manifests")).Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal));
    }

    /// <summary>Every entry's path, kind, mode, owner, time and target, and one digest of all that tar sees.</summary>
    public string Listing(string tree) => folder.Do($$"""
        cd '{{tree}}/'
        find . -printf '%P %y %m %U:%G %T@ %l\0' | sort -z | tr '\0' '\n'
        tar --sort=name --format=pax --pax-option=delete=atime,delete=ctime -cf - . | sha256sum
        """);
}
