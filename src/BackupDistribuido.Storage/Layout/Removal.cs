using System.Text;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>What a removal could not remove.</summary>
/// <param name="Left">How many names could not be removed; those of the directories that they keep from going are not
/// among them.</param>
/// <param name="First">Why the first of them could not, at most <see cref="MostNamed"/>.</param>
internal sealed record RemovalResult(long Left, IReadOnlyList<PosixException> First)
{
    /// <summary>Most that are named.</summary>
    public const int MostNamed = 5;

    /// <summary>True when all of it is gone.</summary>
    public bool IsWhole => Left == 0;

    /// <summary>Which names are left and why, for people; empty where none is.</summary>
    public Reason Why =>
        Reason.Several([.. First.Select(one => one.Reason),
            .. Left > First.Count ? [RootReason.MoreLeft(Left - First.Count)] : Array.Empty<Reason>()]);

    /// <exception cref="PosixException">Something could not be removed: the first of it.</exception>
    public void OrThrow()
    {
        if (!IsWhole) throw First[0];
    }
}

/// <summary>
/// Removes a name with everything below it, however deep. It follows no link and enters no mount: what is behind either
/// is not ours. What can't be removed stays, and the rest is removed all the same. Memory is bounded by the names of
/// the directories from the top to the current one.
/// </summary>
internal sealed class Removal : IDisposable
{
    private readonly DirectoryStack _directories = new();
    private readonly Stack<(byte[] Name, long LeftBefore)> _entered = new();
    private readonly List<PosixException> _first = [];
    private readonly string _above;
    private long _left;

    private Removal(string shown, int nameBytes) => _above = shown[..Math.Max(0, shown.Length - nameBytes)];

    /// <summary>Removes it; no error if it isn't there.</summary>
    /// <param name="shown">The path that <paramref name="name"/> has for people; it ends in it.</param>
    public static RemovalResult Of(Descriptor parent, ReadOnlySpan<byte> name, string shown)
    {
        var text = Encoding.UTF8.GetString(name);
        using var removal =
            new Removal(shown.EndsWith(text, StringComparison.Ordinal) ? shown : $"{shown}/{text}", text.Length);
        removal.Run(parent, name);
        return new RemovalResult(removal._left, removal._first);
    }

    private void Run(Descriptor parent, ReadOnlySpan<byte> name)
    {
        Take(parent, name, FileKind.Unknown);
        while (_directories.Depth > 0)
        {
            if (_directories.Directory is not { } directory)
            {
                Leave("openat", "."u8, Errno.Stale);
                return;
            }
            if (_directories.MoveNext()) Take(directory, _directories.Name, _directories.Kind);
            else if (!TryLeave(parent)) return;
        }
    }

    private void Take(Descriptor directory, ReadOnlySpan<byte> name, FileKind kind)
    {
        if (kind != FileKind.Directory)
        {
            var errno = directory.Unlink(name);
            if (errno is Errno.None or Errno.NoEntry) return;
            // Of a directory some systems say the same as of a file that may not be removed.
            if (errno != Errno.IsDirectory
                && !(errno == Errno.NotPermitted && directory.Status(name, out var status) == Errno.None
                    && status.Kind == FileKind.Directory))
            {
                Leave("unlinkat", name, errno, isMounted: errno == Errno.Busy && IsMounted(directory, name));
                return;
            }
        }
        Enter(directory, name);
    }

    private void Enter(Descriptor parent, ReadOnlySpan<byte> name)
    {
        var errno = Folders.Open(parent, name, out var directory);
        if (errno == Errno.NoEntry) return;
        var status = default(FileStatus);
        if (errno == Errno.None) errno = directory.Status(out status);
        if (errno != Errno.None)
        {
            directory.Dispose();
            Leave("openat2", name, errno, isMounted: errno == Errno.CrossDevice);
            return;
        }
        // Removing entries needs write access to their directory. If its mode can't be set, the removals will fail and
        // say so.
        if ((status.Mode & Descriptor.PrivateDirectory) != Descriptor.PrivateDirectory)
            _ = directory.SetMode(Descriptor.PrivateDirectory);
        var kept = name.ToArray();
        errno = _directories.Push(directory, status);
        if (errno == Errno.None) _entered.Push((kept, _left));
        else Leave("getdents64", kept, errno);
    }

    /// <summary>Leaves the directory on top, and removes it where nothing was left in it. False where it can't be found
    /// again in which directory it is.</summary>
    private bool TryLeave(Descriptor parent)
    {
        _directories.Pop();
        var (name, before) = _entered.Pop();
        var outer = _directories.Depth > 0 ? _directories.Directory : parent;
        var errno = outer?.RemoveDirectory(name) ?? Errno.Stale;
        if (errno is not (Errno.None or Errno.NoEntry) && !(_left > before && errno == Errno.NotEmpty))
            Leave("unlinkat", name, errno, outer is not null && errno == Errno.Busy && IsMounted(outer, name));
        return outer is not null;
    }

    private static bool IsMounted(Descriptor directory, ReadOnlySpan<byte> name) =>
        directory.Status(out var outer) == Errno.None && directory.Status(name, out var status) == Errno.None
            && !status.IsOnSameMount(outer);

    private void Leave(string call, ReadOnlySpan<byte> name, Errno errno, bool isMounted = false)
    {
        if (++_left > RemovalResult.MostNamed) return;
        var path = _above + string.Concat(_entered.Reverse().Select(one => Encoding.UTF8.GetString(one.Name) + "/"))
            + Encoding.UTF8.GetString(name);
        _first.Add(isMounted ? new MountedException(path, errno) : new PosixException(call, path, errno));
    }

    /// <inheritdoc/>
    public void Dispose() => _directories.Dispose();
}
