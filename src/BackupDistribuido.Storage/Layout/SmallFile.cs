using System.Text;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>Small text files of one line that we keep for ourselves: whole or not there, never half.</summary>
internal static class SmallFile
{
    /// <summary>The name of a file until it is complete; a leftover one is replaced by the next.</summary>
    public static ReadOnlySpan<byte> Unfinished => ".new"u8;

    private const int Longest = 4096;

    /// <summary>The file's text without its LF.</summary>
    public static Errno Read(Descriptor directory, ReadOnlySpan<byte> name, out string text)
    {
        text = "";
        var errno = directory.Open(name, OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var file);
        using (file)
        {
            if (errno != Errno.None) return errno;
            Span<byte> buffer = stackalloc byte[Longest];
            errno = file.Read(buffer, 0, out var bytes);
            if (errno == Errno.None) text = Encoding.UTF8.GetString(buffer[..bytes]).TrimEnd('\n');
            return errno;
        }
    }

    /// <summary>Writes the text and an LF under another name in <paramref name="scratch"/>, makes it durable and
    /// renames it into place; fsyncing the directory is the caller's.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public static void Replace(Descriptor scratch, Descriptor directory, ReadOnlySpan<byte> name, string text,
        Durability durability, string shown)
    {
        scratch.Unlink(Unfinished).Except(Errno.NoEntry).OrThrow("unlinkat", shown);
        scratch.CreateFile(Unfinished, out var file).OrThrow("openat", shown);
        using (file)
        {
            file.Write(Encoding.UTF8.GetBytes(text + "\n")).OrThrow("write", shown);
            durability.SyncOrThrow(file, shown);
        }
        scratch.Rename(Unfinished, directory, name).OrThrow("renameat2", shown);
    }
}
