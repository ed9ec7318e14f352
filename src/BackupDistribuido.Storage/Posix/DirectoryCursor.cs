using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// Gives the open directory of an entry, below a root, without following a link. It keeps the last one open, because
/// entries come directory by directory. The result is borrowed: valid until the next call. Not thread-safe.
/// </summary>
/// <param name="root">The root; it stays the caller's.</param>
/// <param name="crossesMounts">Whether mounts below the root belong to it; if not, the result is
/// <see cref="Errno.CrossDevice"/>.</param>
internal sealed class DirectoryCursor(Descriptor root, bool crossesMounts = true) : IDisposable
{
    // PATH_MAX less its NUL. Longer paths are opened piece by piece.
    private const int LongestPiece = 4095;

    private static volatile bool _openAt2IsMissing;

    private TreePath _path;
    private Descriptor? _open;

    /// <summary>Opens the directory that contains <paramref name="entry"/>; for the root itself, the root.</summary>
    public Errno OpenParentOf(TreePath entry, out Descriptor directory)
    {
        if (entry.IsRoot || entry.IsChildOf(TreePath.Root))
        {
            directory = root;
            return Errno.None;
        }
        if (_open is not null && entry.IsChildOf(_path))
        {
            directory = _open;
            return Errno.None;
        }
        var parent = entry.Parent;
        var errno = Open(parent, out directory);
        if (errno != Errno.None) return errno;
        _open?.Dispose();
        (_open, _path) = (directory, parent);
        return Errno.None;
    }

    /// <summary>Opens a directory for the caller to keep.</summary>
    public Errno Open(TreePath directory, out Descriptor opened)
    {
        if (directory.IsRoot) return root.OpenDirectory("."u8, out opened);
        var rest = directory.Bytes;
        var at = root;
        while (true)
        {
            var cut = rest.Length > LongestPiece ? rest[..LongestPiece].LastIndexOf((byte)'/') : rest.Length;
            var errno = OpenPiece(at, rest[..cut], out opened, crossesMounts);
            if (at != root) at.Dispose();
            if (errno != Errno.None || cut == rest.Length) return errno;
            at = opened;
            rest = rest[(cut + 1)..];
        }
    }

    private static Errno OpenPiece(Descriptor from, ReadOnlySpan<byte> piece, out Descriptor opened, bool crossesMounts)
    {
        if (!_openAt2IsMissing)
        {
            var errno = from.OpenBeneath(piece, OpenFlags.Directory | OpenFlags.NoFollow, out opened, crossesMounts);
            // A kernel before 5.6 does not know the call; a container's filter may forbid it.
            if (errno is not (Errno.NoSystemCall or Errno.NotPermitted)) return errno;
            _openAt2IsMissing = errno == Errno.NoSystemCall;
        }
        return OpenStepByStep(from, piece, out opened, crossesMounts);
    }

    /// <summary>The same with one <c>openat</c> a component.</summary>
    internal static Errno OpenStepByStep(Descriptor from, ReadOnlySpan<byte> piece, out Descriptor opened,
        bool crossesMounts = true)
    {
        var at = from;
        while (true)
        {
            var slash = piece.IndexOf((byte)'/');
            var name = slash < 0 ? piece : piece[..slash];
            var errno = crossesMounts
                ? at.OpenDirectory(name, out opened) : at.OpenOnThisMount(name, OpenFlags.Directory, out opened);
            if (at != from) at.Dispose();
            if (errno != Errno.None || slash < 0) return errno;
            at = opened;
            piece = piece[(slash + 1)..];
        }
    }

    /// <summary>Closes the directory that is kept open: it may have been removed, and its name given to
    /// another.</summary>
    public void Forget()
    {
        _open?.Dispose();
        _open = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();
}
