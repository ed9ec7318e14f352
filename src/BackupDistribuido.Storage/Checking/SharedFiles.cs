using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Checking;

/// <summary>
/// Which files of a snapshot are the same files as in a newer one that was read already: the same inode under the same
/// path, with the same data in both manifests. Both manifests are read once, in one order. For one thread.
/// </summary>
internal sealed class SharedFiles : IDisposable
{
    private readonly AlreadyRead _newer;
    private readonly Descriptor _tree;
    private readonly DirectoryCursor _cursor;
    private readonly ManifestReader _manifest;
    private readonly IEnumerator<Entry> _entries;
    private readonly ulong _device;
    private bool _isMore = true;

    private SharedFiles(AlreadyRead newer, Descriptor tree, ManifestReader manifest)
    {
        (_newer, _tree, _manifest, _cursor, _entries) = (newer, tree, manifest,
            new DirectoryCursor(tree, crossesMounts: false), manifest.Entries().GetEnumerator());
        _tree.Status(out var status).OrThrow("statx", newer.Id.ToString());
        _device = status.Device;
        Advance();
    }

    /// <summary>Opens it; null where the newer snapshot can't be read any more.</summary>
    public static SharedFiles? Open(DestinationRoot root, NodeName origin, AlreadyRead newer)
    {
        if (root.OpenSnapshot(origin, newer.Id, out var tree) != Errno.None) return null;
        var shown = root.ManifestPath(origin, newer.Id);
        try
        {
            root.OpenManifest(origin, newer.Id, out var file).OrThrow("openat2", shown);
            return new SharedFiles(newer, tree, new ManifestReader(file, shown));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            tree.Dispose();
            return null;
        }
    }

    /// <summary>Whether a file was read with the newer snapshot, and if so, whether it was right. Each path must be
    /// greater than that of the one before.</summary>
    /// <param name="said">The older manifest's data about it.</param>
    /// <param name="inode">Its inode there.</param>
    /// <param name="device">The file system that it is on.</param>
    public (bool WasRead, bool IsRight) Look(FileEntry said, ulong inode, ulong device)
    {
        while (_isMore && _entries.Current.Path.CompareTo(said.Path) < 0) Advance();
        if (!_isMore || _entries.Current is not FileEntry newer || newer.Path != said.Path
            || newer.Digest != said.Digest || newer.Stamp.Size != said.Stamp.Size) return default;
        if (device != _device || _cursor.OpenParentOf(said.Path, out var parent) != Errno.None
            || parent.Status(said.Path.Name, out var status) != Errno.None) return default;
        return status.Device == device && status.Inode == inode && status.Kind == FileKind.Regular
            ? (true, !_newer.Wrong.Contains(inode)) : default;
    }

    private void Advance()
    {
        try
        {
            _isMore = _entries.MoveNext();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // From here on it says nothing: all else is read.
            _isMore = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _manifest.Dispose();
        _cursor.Dispose();
        _tree.Dispose();
    }
}
