using System.Globalization;
using System.Runtime.CompilerServices;

namespace BackupDistribuido.Storage.Posix;

/// <content>
/// Extended attributes (xattr(7)) of this open file, or of a name in this directory, a link itself. The system has no call for the latter that is relative to an open
/// directory before Linux 6.13, so it goes through <c>/proc/self/fd</c>.
/// </content>
internal sealed unsafe partial class Descriptor
{
    /// <summary>Longest list of names, and longest value (XATTR_LIST_MAX, XATTR_SIZE_MAX).</summary>
    public const int LongestAttribute = 65_536;

    /// <summary>listxattr(2): the names, each with its NUL.</summary>
    [SkipLocalsInit]
    public Errno ListAttributes(ReadOnlySpan<byte> entry, Span<byte> names, out int bytes)
    {
        fixed (byte* start = names)
        {
            if (entry.IsEmpty) bytes = (int)Libc.flistxattr(this, start, names.Length);
            else
            {
                var text = PathOf(entry, stackalloc byte[PathSpace]);
                fixed (byte* path = text) bytes = (int)Libc.llistxattr(path, start, names.Length);
            }
        }
        return Result(bytes);
    }

    /// <summary>getxattr(2).</summary>
    [SkipLocalsInit]
    public Errno ReadAttribute(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, Span<byte> value, out int bytes)
    {
        var attribute = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* key = attribute, start = value)
        {
            if (entry.IsEmpty) bytes = (int)Libc.fgetxattr(this, key, start, value.Length);
            else
            {
                var text = PathOf(entry, stackalloc byte[PathSpace]);
                fixed (byte* path = text) bytes = (int)Libc.lgetxattr(path, key, start, value.Length);
            }
        }
        return Result(bytes);
    }

    /// <summary>setxattr(2), new or over an old value.</summary>
    [SkipLocalsInit]
    public Errno WriteAttribute(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var attribute = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* key = attribute, start = value)
        {
            if (entry.IsEmpty) return Result(Libc.fsetxattr(this, key, start, value.Length, 0));
            var text = PathOf(entry, stackalloc byte[PathSpace]);
            fixed (byte* path = text) return Result(Libc.lsetxattr(path, key, start, value.Length, 0));
        }
    }

    /// <summary>removexattr(2) of this open file.</summary>
    [SkipLocalsInit]
    public Errno RemoveAttribute(ReadOnlySpan<byte> name)
    {
        var attribute = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* key = attribute) return Result(Libc.fremovexattr(this, key));
    }

    private const int PathSpace = 32 + CString.NameSpace;

    private CString PathOf(ReadOnlySpan<byte> entry, Span<byte> scratch)
    {
        var prefix = "/proc/self/fd/"u8;
        Span<byte> path = stackalloc byte[PathSpace];
        prefix.CopyTo(path);
        ((int)handle).TryFormat(path[prefix.Length..], out var digits, default, CultureInfo.InvariantCulture);
        var length = prefix.Length + digits;
        path[length++] = (byte)'/';
        entry.CopyTo(path[length..]);
        return new CString(path[..(length + entry.Length)], scratch);
    }
}
