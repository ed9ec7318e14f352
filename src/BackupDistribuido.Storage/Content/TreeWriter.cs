using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>
/// Writes the entries of a tree below an open directory: directories, files, links, special files, their metadata, and
/// makes them durable. The owner decides where that directory is and what becomes of it (a new snapshot, a restored
/// folder, a repair). Everything is created by names relative to open directories and without following links, so
/// nothing is ever written outside. For one thread at a time.
/// </summary>
public sealed class TreeWriter : IDisposable
{
    private static readonly byte[][] AccessLists =
        ["system.posix_acl_access"u8.ToArray(), "system.posix_acl_default"u8.ToArray()];

    private readonly Durability _durability;
    private readonly DirectoryCursor _cursor;

    /// <summary>Writes below <paramref name="top"/>, which it disposes of.</summary>
    /// <param name="top">The tree's root, made private by <see cref="MakePrivate"/>.</param>
    /// <param name="shown">The name of the directory in messages.</param>
    /// <param name="holding">What can't be held there.</param>
    /// <param name="durability">Syncs each file and directory, if there is no <paramref name="sync"/>.</param>
    /// <param name="sync">Makes everything durable at once; the caller owns it. Null: each entry on its own.</param>
    internal TreeWriter(
        Descriptor top, string shown, ReplicaHolding holding, Durability durability, ContentSync? sync)
    {
        (Top, Shown, Holding, Sync, _durability) = (top, shown, holding, sync, durability);
        Metadata = new MetadataWriter(holding);
        _cursor = new DirectoryCursor(top, crossesMounts: false);
    }

    /// <summary>Gets each kind that can't be held here, once, when it is first met.</summary>
    public Action<ReplicaLimits>? LimitMet
    {
        get => Holding.Met;
        set => Holding.Met = value;
    }

    /// <summary>
    /// Gets each entry that is missing because this file system can't store its name, with the system's answer.
    /// </summary>
    public Action<PosixException>? NameMet
    {
        get => Holding.NameMet;
        set => Holding.NameMet = value;
    }

    /// <summary>What can't be held here of what was written.</summary>
    public ReplicaShortfall Shortfall => Holding.Shortfall;

    /// <summary>The tree's root.</summary>
    internal Descriptor Top { get; }

    internal string Shown { get; }

    internal ReplicaHolding Holding { get; }

    internal MetadataWriter Metadata { get; }

    internal ContentSync? Sync { get; }

    /// <summary>
    /// Makes a new tree's root its owner's alone. A parent with set-gid would hand its group down to all that is made
    /// below, one with a default access control list that list.
    /// </summary>
    /// <exception cref="PosixException">A call failed.</exception>
    internal static void MakePrivate(Descriptor top, string shown)
    {
        if (Descriptor.IsPrivileged) top.SetOwner(0, 0).OrThrow("fchown", shown);
        top.SetMode(Descriptor.PrivateDirectory).OrThrow("fchmod", shown);
        RemoveAccessLists(top);
    }

    /// <summary>
    /// A directory with a default access control list would hand it down to all that is made in it.
    /// </summary>
    internal static void RemoveAccessLists(Descriptor directory)
    {
        foreach (var list in AccessLists) directory.RemoveAttribute(list);
    }

    /// <summary>
    /// Makes a directory, private until <see cref="Finish"/>, or notes that its name can't be had here.
    /// </summary>
    /// <exception cref="PosixException">
    /// A call failed; also when the name is taken, which is how a file system shows that it takes two names for one.
    /// </exception>
    public void Apply(DirectoryEntry directory)
    {
        if (directory.Path.IsRoot || Holding.Names.Has(directory.Path)) return;
        var parent = ParentOf(directory.Path);
        Holding.IsNamed(parent.MakeDirectory(directory.Path.Name), "mkdirat", directory.Path, parent);
    }

    /// <summary>Makes a symbolic link, or notes that there are none here.</summary>
    /// <exception cref="PosixException">A call failed; also where the name is taken.</exception>
    public void Apply(SymbolicLinkEntry link)
    {
        if (Holding.Names.Has(link.Path)) return;
        var parent = ParentOf(link.Path);
        var errno = parent.MakeLink(link.Target.Span, link.Path.Name);
        if (IsHeld(errno, ReplicaLimits.SymbolicLinks, "symlinkat", link.Path, parent))
            Metadata.ApplyToNew(parent, link.Metadata, link.Path, FileKind.SymbolicLink);
    }

    /// <summary>Makes a special file, or notes that this user or file system can't.</summary>
    /// <exception cref="PosixException">A call failed; also where the name is taken.</exception>
    public void Apply(SpecialEntry special)
    {
        if (Holding.Names.Has(special.Path)) return;
        var parent = ParentOf(special.Path);
        var kind = KindOf(special.Kind);
        if (Holding.IsBeyondRoot(ReplicaLimits.SpecialFiles))
        {
            Holding.Misses(ReplicaLimits.SpecialFiles);
            return;
        }
        var errno = parent.MakeNode(special.Path.Name, kind, special.Major, special.Minor);
        if (IsHeld(errno, ReplicaLimits.SpecialFiles, "mknodat", special.Path, parent))
            Metadata.ApplyToNew(parent, special.Metadata, special.Path, kind);
    }

    internal static FileKind KindOf(SpecialKind kind) => kind switch
    {
        SpecialKind.Fifo => FileKind.Fifo,
        SpecialKind.Socket => FileKind.Socket,
        SpecialKind.CharacterDevice => FileKind.CharacterDevice,
        _ => FileKind.BlockDevice,
    };

    private bool IsHeld(Errno errno, ReplicaLimits kind, string call, TreePath path, Descriptor parent)
    {
        if (errno is Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall)
        {
            Holding.Misses(kind);
            return false;
        }
        return Holding.IsNamed(errno, call, path, parent);
    }

    /// <summary>
    /// Makes a new file, empty and private until it is finished; null, and noted, where its name, or one above it,
    /// can't be had here.
    /// </summary>
    /// <exception cref="PosixException">
    /// A call failed; <see cref="Errno.Exists"/> when the name is taken: <see cref="Remove"/> it first.
    /// </exception>
    public WrittenFile? TryCreate(FileEntry file)
    {
        if (Holding.Names.Has(file.Path)) return null;
        var parent = ParentOf(file.Path);
        var errno = parent.CreateFile(file.Path.Name, out var opened);
        return Holding.IsNamed(errno, "openat", file.Path, parent) ? new WrittenFile(this, opened, file) : null;
    }

    /// <summary>
    /// Moves an unfinished file of ours into its place, to be continued at its end; null if it is another one by now,
    /// or its name can't be stored here.
    /// </summary>
    internal WrittenFile? Adopt(Descriptor from, ReadOnlySpan<byte> name, FileStatus known, FileEntry file)
    {
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        var parent = ParentOf(file.Path);
        var errno = from.RenameWithoutReplacing(name, parent, file.Path.Name);
        if (!Holding.IsNamed(errno, "renameat2", file.Path, parent)) return null;
        parent.Open(file.Path.Name, flags, out var opened).OrThrow("openat", file.Path);
        // Nothing is written to a file that another program has put there.
        if (opened.Status(out var status) == Errno.None && status.IsSameFile(known) && status.Links == 1
            && status.Size == known.Size && opened.Seek(known.Size) == Errno.None)
            return new WrittenFile(this, opened, file, known.Size);
        opened.Dispose();
        parent.Unlink(file.Path.Name).Except(Errno.NoEntry).OrThrow("unlinkat", file.Path);
        return null;
    }

    /// <summary>
    /// Gives a finished file another name here: the same path in <paramref name="from"/>, in the given directory there,
    /// if the linked file is right according to <paramref name="isRight"/>, which gets the directory here. It is
    /// checked afterwards, because then no other file can take its place; a wrong one loses the name again.
    /// </summary>
    /// <returns><see cref="Errno.Stale"/> where it is not right; else what linkat(2) says.</returns>
    internal Errno TakeName(Descriptor from, TreePath path, Func<Descriptor, FileStatus, bool> isRight)
    {
        if (Holding.Names.Has(path)) return Errno.NoEntry;
        var parent = ParentOf(path);
        var errno = from.MakeHardLink(path.Name, parent, path.Name);
        if (errno != Errno.None) return errno;
        parent.Status(path.Name, out var linked).OrThrow("statx", path);
        if (isRight(parent, linked)) return Errno.None;
        parent.Unlink(path.Name).OrThrow("unlinkat", path);
        return Errno.Stale;
    }

    /// <summary>Gives a directory that all is in its final owner, mode and times.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    /// <exception cref="DurabilityException">The disk did not make it durable.</exception>
    internal void Finish(DirectoryEntry directory)
    {
        _cursor.Open(directory.Path, out var opened).OrThrow("openat2", directory.Path);
        using (opened)
        {
            // <summary>From what it has and how fast that grows.</summary>
            if (!directory.Path.IsRoot)
                Metadata.Apply(opened, directory.Metadata, Descriptor.PrivateDirectory, directory.Path);
            MakeDurable(opened, directory.Path);
        }
    }

    /// <summary>
    /// Removes a file, a link, or a directory with all its contents, because it was announced again or is left out. No
    /// error if it isn't there.
    /// </summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public void Remove(TreePath path)
    {
        if (path.IsRoot) throw new ArgumentException("The root of a tree can't be left out.", nameof(path));
        if (Holding.Names.Has(path)) return;
        var errno = _cursor.OpenParentOf(path, out var parent);
        if (errno == Errno.NoEntry) return;
        errno.OrThrow("openat", path);
        Folders.Remove(parent, path.Name, path.ToString());
        _cursor.Forget();
    }

    /// <summary>Syncs a file or directory where not all is synced at once at the end.</summary>
    /// <exception cref="DurabilityException">It failed.</exception>
    internal void MakeDurable(Descriptor file, TreePath path)
    {
        if (Sync is null) _durability.SyncOrThrow(file, path.ToString());
    }

    /// <summary>The open directory that an entry is in: good until the next call.</summary>
    /// <exception cref="PosixException">It can't be opened.</exception>
    internal Descriptor ParentOf(TreePath path)
    {
        _cursor.OpenParentOf(path, out var parent).OrThrow("openat2", path);
        return parent;
    }

    /// <summary>Closes what is open; what was written stays.</summary>
    public void Dispose()
    {
        _cursor.Dispose();
        Top.Dispose();
    }
}
