using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Staging;

/// <summary>
/// Files of incomplete pages in a staging that was left: finished ones, and the one that was being received. They are
/// in <c>staging/ID/strays</c>, re-read, until a page announces their paths again; the digest at the file's end says
/// whether they are a part of what is then announced. For one thread at a time.
/// </summary>
public sealed class UnclaimedFiles : IDisposable
{
    /// <summary>Most that are kept: as many as there are in pages that are not whole.</summary>
    public const int Most = WireLimits.PagesAhead * WireLimits.PageEntries;

    private readonly Dictionary<TreePath, Stray> _files = [];
    private readonly AttributeReader _attributes = new();
    private readonly StoredContent _content;
    private readonly Descriptor _folder;

    /// <summary>None yet, beside the tree in <paramref name="place"/>. What lay there before goes.</summary>
    internal UnclaimedFiles(Descriptor place, StoredContent content, string shown)
    {
        _content = content;
        Folders.Remove(place, "strays"u8, $"{shown}/strays");
        place.MakeDirectory("strays"u8).OrThrow("mkdirat", $"{shown}/strays");
        place.OpenDirectory("strays"u8, out _folder).OrThrow("openat", $"{shown}/strays");
    }

    /// <summary>How many there are.</summary>
    public int Count => _files.Count;

    /// <summary>Moves a file here, and reads it. An entry that is not a file, has other names or attributes, or can't
    /// be read stays where it is.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal void Keep(Descriptor directory, ReadOnlySpan<byte> name, TreePath path, Func<Descriptor, bool> isDurable)
    {
        if (_files.Count == Most || directory.Status(name, out var status) != Errno.None
            || status is not { Kind: FileKind.Regular, Links: 1, Size: > 0 }) return;
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            using var file = StagedResumption.Open(directory, path, OpenFlags.NonBlocking, Descriptor.PrivateFile);
            if (file is null || file.Status(out var opened) != Errno.None || !opened.IsSameFile(status)) return;
            if (!_attributes.TryRead(file, [], out var attributes) || !attributes.IsEmpty) return;
            // As a newly created file: its metadata will be announced again.
            if (Descriptor.IsPrivileged) file.SetOwner(Descriptor.User, Descriptor.Group).OrThrow("fchown", path);
            file.SetMode(Descriptor.PrivateFile).OrThrow("fchmod", path);
            if (!isDurable(file)) return;
            file.DropCache();
            if (_content.Read(file, path, hash) != status.Size) return;
            var number = Encoding.ASCII.GetBytes(_files.Count.ToString(CultureInfo.InvariantCulture));
            if (directory.RenameWithoutReplacing(name, _folder, number) != Errno.None) return;
            _files[path] = new Stray(number, status, hash);
            hash = null;
        }
        catch (PosixException)
        {
            // It is received again.
        }
        finally
        {
            hash?.Dispose();
        }
    }

    /// <summary>The kept part of a file that was announced, now in its place in <paramref name="tree"/>; null if there
    /// is none.</summary>
    /// <param name="mayStayOpen">Whether one that is not finished is of use.</param>
    /// <exception cref="PosixException">The disk refused.</exception>
    internal KeptFile? Take(TreeWriter tree, FileEntry announced, bool mayStayOpen)
    {
        if (!_files.Remove(announced.Path, out var stray)) return null;
        var isFinished = stray.Status.Size == announced.Stamp.Size
            && stray.Status.Modified == announced.Metadata.Modified;
        if (stray.Status.Size > announced.Stamp.Size || (!isFinished && !mayStayOpen)
            || tree.Adopt(_folder, stray.Name, stray.Status, announced) is not { } file)
        {
            _folder.Unlink(stray.Name);
            stray.Hash.Dispose();
            return null;
        }
        if (!isFinished) return new KeptFile(null, file, stray.Hash);
        using (file) file.Finish();
        using (stray.Hash) return new KeptFile(Sha256Digest.Finish(stray.Hash), null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stray in _files.Values) stray.Hash.Dispose();
        _folder.Dispose();
    }

    private sealed record Stray(byte[] Name, FileStatus Status, IncrementalHash Hash);
}

/// <summary>The kept part of a file: all of it, with its SHA-256, or its beginning with the SHA-256 over that, to be
/// continued.</summary>
public sealed record KeptFile(Sha256Digest? Whole, WrittenFile? Beginning, IncrementalHash? Hash);
