using System.Globalization;
using System.Runtime.CompilerServices;

namespace BackupDistribuido.Storage.Posix;

/// <content>Extended attributes (xattr(7)) of this open file, or of a name in this directory, a link itself. System
/// calls for the latter that are relative to an open directory exist only since Linux 6.13, so <c>/proc/self/fd</c> is
/// used, except for the list if that call exists, because it is needed for each entry.</content>
internal sealed unsafe partial class Descriptor
{
    /// <summary>Longest list of names, and longest value (XATTR_LIST_MAX, XATTR_SIZE_MAX).</summary>
    public const int LongestAttribute = 65_536;

    private static volatile bool _lacksListAt;

    /// <summary>listxattr(2): the names, each with its NUL.</summary>
    public Errno ListAttributes(ReadOnlySpan<byte> entry, Span<byte> names, out int bytes)
    {
        if (entry.IsEmpty)
        {
            fixed (byte* start = names) bytes = (int)Libc.flistxattr(this, start, names.Length);
            return Result(bytes);
        }
        if (!_lacksListAt)
        {
            var errno = ListAttributesAt(entry, names, out bytes);
            // A container's filter may refuse a call that it does not know.
            if (errno is not (Errno.NoSystemCall or Errno.NotPermitted)) return errno;
            _lacksListAt = true;
        }
        return ListAttributesByPath(entry, names, out bytes);
    }

    /// <summary>listxattrat(2).</summary>
    [SkipLocalsInit]
    internal Errno ListAttributesAt(ReadOnlySpan<byte> entry, Span<byte> names, out int bytes)
    {
        var text = new CString(entry, stackalloc byte[CString.NameSpace]);
        fixed (byte* path = text, start = names) bytes =
            (int)Libc.listxattrat(Libc.ListAttributesAtNumber, this, path, NoFollowLink, start, names.Length);
        return Result(bytes);
    }

    /// <summary>llistxattr(2) by way of /proc.</summary>
    [SkipLocalsInit]
    internal Errno ListAttributesByPath(ReadOnlySpan<byte> entry, Span<byte> names, out int bytes)
    {
        var text = PathOf(entry, stackalloc byte[PathSpace]);
        fixed (byte* path = text, start = names) bytes = (int)Libc.llistxattr(path, start, names.Length);
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

    /// <summary>setxattr(2) of this open file, new or over an old value.</summary>
    [SkipLocalsInit]
    public Errno WriteAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var attribute = new CString(name, stackalloc byte[CString.NameSpace]);
        fixed (byte* key = attribute, start = value) return Result(Libc.fsetxattr(this, key, start, value.Length, 0));
    }

    /// <summary>setxattr(2) of what this holds with <see cref="OpenFlags.PathOnly"/>, by the descriptor's own name in
    /// /proc.</summary>
    [SkipLocalsInit]
    public Errno WriteAttributeOfPath(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var attribute = new CString(name, stackalloc byte[CString.NameSpace]);
        var text = PathOf([], stackalloc byte[PathSpace]);
        fixed (byte* path = text, key = attribute,
            start = value) return Result(Libc.setxattr(path, key, start, value.Length, 0));
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
        if (!entry.IsEmpty) path[length++] = (byte)'/';
        entry.CopyTo(path[length..]);
        return new CString(path[..(length + entry.Length)], scratch);
    }
}
