using System.Security.Cryptography;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>
/// Makes the hard links of a tree, in the manifest's order, when everything that they lead to is there. Where
/// there are none, or a file can have no more names, a file gets a copy instead.
/// </summary>
/// <param name="tree">Writes the tree.</param>
/// <param name="draft">Its manifest.</param>
/// <param name="foundWrong">Gets a file that was read for a copy and is wrong.</param>
internal sealed class HardLinkMaker(TreeWriter tree, ManifestDraft draft, Action<WrongFile> foundWrong) : IDisposable
{
    private const int CopyBytes = 256 * 1024;

    private readonly DirectoryCursor _firsts = new(tree.Top, crossesMounts: false);
    private int _page = -1;
    private Entry[] _entries = [];

    /// <summary>Makes a link. Gives the entry that it is another name of.</summary>
    /// <exception cref="InvalidDataException">The manifest has no such entry for it.</exception>
    /// <exception cref="PosixException">A call failed.</exception>
    public Entry Make(HardLinkEntry link)
    {
        var first = Find(link.First);
        if (first is DirectoryEntry or HardLinkEntry or OmittedEntry)
            throw NoSuch(link, first);
        if (tree.Holding.Names.Has(link.Path)) return first;
        if (tree.Holding.Names.Has(first.Path))
        {
            tree.Holding.MissesName(link.Path,
                new PosixException("linkat", $"{link.Path} (another name of {first.Path})", Errno.NoEntry));
            return first;
        }
        _firsts.OpenParentOf(first.Path, out var from).OrThrow("openat2", first.Path);
        var to = tree.ParentOf(link.Path);
        var errno = from.MakeHardLink(first.Path.Name, to, link.Path.Name);
        if (errno == Errno.NoEntry && first is not FileEntry)
            tree.Holding.Misses(first is SymbolicLinkEntry
                ? ReplicaLimits.SymbolicLinks : ReplicaLimits.SpecialFiles);
        else if (errno is Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall or Errno.TooManyLinks)
            MakeAgain(first, from, link.Path);
        // It may be the first name that is gone.
        else if (errno == Errno.NoEntry) errno.OrThrow("linkat", link.Path);
        else tree.Holding.IsNamed(errno, "linkat", link.Path, to);
        return first;
    }

    /// <summary>The entry that a hard link is another name of, under the link's name.</summary>
    /// <exception cref="InvalidDataException">The manifest has no such entry for it.</exception>
    public Entry Named(HardLinkEntry link) => Find(link.First) switch
    {
        FileEntry file => file with { Path = link.Path },
        SymbolicLinkEntry target => target with { Path = link.Path },
        SpecialEntry special => special with { Path = link.Path },
        var other => throw NoSuch(link, other),
    };

    private InvalidDataException NoSuch(HardLinkEntry link, Entry first) =>
        new($"{tree.Shown}: '{link.Path}' is a hard link to what can have none, '{first.Path}'.");

    /// <summary>The entry of that number.</summary>
    public Entry Find(long number)
    {
        if (draft.PageOf(number) is var page && page != _page) (_page, _entries) =
            (page, draft.Entries(page));
        return _entries[(int)(number - draft[page].FirstEntry)];
    }

    private void MakeAgain(Entry first, Descriptor from, TreePath path)
    {
        tree.Holding.Lacks(ReplicaLimits.HardLinks);
        if (first is SymbolicLinkEntry link) tree.Apply(link with { Path = path });
        else if (first is SpecialEntry special) tree.Apply(special with { Path = path });
        else if (first is FileEntry file) Copy(file, from, path);
    }

    private void Copy(FileEntry first, Descriptor from, TreePath path)
    {
        from.Open(first.Path.Name, OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var source)
            .OrThrow("openat", first.Path);
        using (source)
        using (var copy = tree.TryCreate(first with { Path = path }))
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            if (copy is null) return;
            var buffer = new byte[CopyBytes];
            while (true)
            {
                source.Read(buffer, copy.Length, out var bytes).OrThrow("pread", first.Path);
                if (bytes == 0) break;
                copy.Write(buffer.AsSpan(0, bytes));
                hash.AppendData(buffer.AsSpan(0, bytes));
            }
            if (Sha256Digest.Finish(hash) != first.Digest)
            {
                // Where it is an earlier snapshot's file too, that one is damaged, and the next run takes nothing of it
                // unread.
                source.Status(out var status).OrThrow("statx", first.Path);
                foundWrong(new WrongFile(first.Path, status.Inode, EntryFault.OtherContent));
                throw new InvalidDataException(
                    $"{tree.Shown}: '{first.Path}' was read for another name of it, and does not have the SHA-256 "
                    + "that it was stored with");
            }
            copy.Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _firsts.Dispose();
}
