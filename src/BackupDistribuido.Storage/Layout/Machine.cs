using BackupDistribuido.Core.Text;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>Identifies this machine: its <c>/etc/machine-id</c> (see machine-id(5)), or its host name if there is
/// none.</summary>
public static class Machine
{
    /// <summary>One word that is the same at each start.</summary>
    public static string Identity { get; } = Read();

    private static string Read()
    {
        try
        {
            var id = File.ReadAllText("/etc/machine-id").Trim();
            if (id.Length > 0) return id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Containers often have none.
        }
        return Environment.MachineName;
    }

    /// <summary>A place on this machine as one word: equal texts are one place, and what lies in it begins with it and
    /// a slash.</summary>
    public static string Place(string realPath)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        PathText.Encode(System.Text.Encoding.UTF8.GetBytes(realPath), text);
        return $"{Identity}:{System.Text.Encoding.ASCII.GetString(text.WrittenSpan)}";
    }

    /// <summary>A path without links, as far as it exists; what does not exist is taken as it is written.</summary>
    public static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        if (Descriptor.RealPath(full, out var real) == Errno.None) return real;
        var parent = Path.GetDirectoryName(full);
        return parent is null ? full : Path.Combine(RealPath(parent), Path.GetFileName(full));
    }

    /// <summary>Names a file system of this machine; equal texts are one file system.</summary>
    public static string Disk(ulong deviceId) => $"{Identity}:{deviceId:x}";
}
