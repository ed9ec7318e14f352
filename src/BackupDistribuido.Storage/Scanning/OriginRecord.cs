using System.Text;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// What an origin remembers of its tree as it delivered it last: the SHA-256 of each file with its stamp, so that a file that has not changed since need not be read again. It is written
/// as a <see cref="ManifestFile"/> without a seal. Nothing rests on it: without it every file is read, and a digest in it that is wrong is found at the destinations, which then ask for the file.
/// It is asked in the order of a manifest, once. For one thread at a time.
/// </summary>
public sealed class OriginRecord : IDisposable
{
    private readonly ManifestReader _manifest;
    private readonly IEnumerator<Entry> _entries;
    private Entry? _next;

    private OriginRecord(ManifestReader manifest)
    {
        _manifest = manifest;
        _entries = manifest.Entries().GetEnumerator();
        Advance();
    }

    /// <summary>Opens the record in that file; null where there is none of this origin that can be read.</summary>
    public static OriginRecord? Open(string file, NodeName origin)
    {
        try
        {
            if (Descriptor.OpenDirectory(Path.GetDirectoryName(file)!, out var folder) != Errno.None) return null;
            using (folder)
            {
                if (folder.OpenRegular(Encoding.UTF8.GetBytes(Path.GetFileName(file)), out var opened) != Errno.None) return null;
                var manifest = new ManifestReader(opened, file);
                if (manifest.Origin == origin) return new OriginRecord(manifest);
                manifest.Dispose();
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // Of no use, and no harm.
        }
        return null;
    }

    /// <summary>The digest that a scanned file had when it was delivered, if it is still the same by its stamp. Each path must be greater than the one before.</summary>
    public Sha256Digest? DigestOf(FileEntry scanned)
    {
        while (_next is { } before && before.Path.CompareTo(scanned.Path) < 0) Advance();
        return _next is FileEntry file && file.Path == scanned.Path && file.Stamp == scanned.Stamp && file.Metadata.Modified == scanned.Metadata.Modified ? file.Digest : null;
    }

    /// <summary>
    /// Writes the record in place of what is there. Files that were changed at <paramref name="fresh"/> or later are left without their digest: one that is changed twice within a tick
    /// of the file system's clock has the same stamp both times.
    /// </summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write(string file, NodeName origin, SnapshotId snapshot, IEnumerable<Entry> entries, FileTime fresh)
    {
        var path = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Descriptor.OpenDirectory(path, out var folder).OrThrow("openat", path);
        using (folder)
        {
            var (name, unfinished) = (Encoding.UTF8.GetBytes(Path.GetFileName(file)), Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}.new"));
            folder.Unlink(unfinished).Except(Errno.NoEntry).OrThrow("unlinkat", file);
            folder.CreateFile(unfinished, out var created).OrThrow("openat", file);
            using (var writer = new DescriptorWriter(created, file))
            {
                ManifestFile.WriteHead(origin, snapshot, writer);
                foreach (var entry in entries) EntryLine.Write(entry is FileEntry known && known.Stamp.Changed.CompareTo(fresh) >= 0 ? Forgotten(known) : entry, writer);
                writer.Complete();
            }
            folder.Rename(unfinished, folder, name).OrThrow("renameat2", file);
        }
    }

    private static FileEntry Forgotten(FileEntry file) => file.Stamp.Size == 0 ? file : file with { Digest = null };

    private void Advance()
    {
        try
        {
            _next = _entries.MoveNext() ? _entries.Current : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _next = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _manifest.Dispose();
    }
}
