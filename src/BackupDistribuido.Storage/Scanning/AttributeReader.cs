using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// Reads the extended attributes that belong to a snapshot: <c>user.</c>, <c>trusted.</c> and <c>security.</c> ones, and POSIX access control lists. What else there is under
/// <c>system.</c> is a file system's own view of something. For one thread.
/// </summary>
internal sealed class AttributeReader
{
    private static readonly byte[][] Prefixes = ["user."u8.ToArray(), "trusted."u8.ToArray(), "security."u8.ToArray()];
    private static readonly byte[][] AccessLists = ["system.posix_acl_access"u8.ToArray(), "system.posix_acl_default"u8.ToArray()];

    private const int ShortList = 512;

    private readonly byte[] _names = new byte[Descriptor.LongestAttribute];
    private readonly byte[] _value = new byte[Descriptor.LongestAttribute];

    /// <summary>
    /// The attributes of an open file, or of <paramref name="entry"/> in an open directory. False where they can't be read, or are more than <see cref="ExtendedAttributes.MaxBytes"/>.
    /// Those of an entry that is gone are none: who reads it next will notice.
    /// </summary>
    public bool TryRead(Descriptor file, ReadOnlySpan<byte> entry, out ExtendedAttributes attributes)
    {
        attributes = default;
        // The kernel takes as much memory as it is offered, each time.
        var errno = file.ListAttributes(entry, _names.AsSpan(0, ShortList), out var bytes);
        if (errno == Errno.Range) errno = file.ListAttributes(entry, _names, out bytes);
        if (errno is Errno.NotSupported or Errno.NoEntry || bytes == 0) return true;
        if (errno != Errno.None) return false;
        List<(byte[] Name, byte[] Value)>? found = null;
        var total = 0;
        for (var names = _names.AsSpan(0, bytes); !names.IsEmpty;)
        {
            var end = names.IndexOf((byte)0);
            var name = names[..end];
            names = names[(end + 1)..];
            if (!IsCopied(name)) continue;
            errno = file.ReadAttribute(entry, name, _value, out var length);
            if (errno is Errno.NoData or Errno.NotSupported) continue;
            total += name.Length + Math.Max(0, length) + 1;
            if (errno != Errno.None || total > ExtendedAttributes.MaxBytes) return false;
            (found ??= []).Add((name.ToArray(), _value[..length]));
        }
        if (found is not null) attributes = ExtendedAttributes.Of(found);
        return true;
    }

    private static bool IsCopied(ReadOnlySpan<byte> name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix)) return true;
        }
        return name.SequenceEqual(AccessLists[0]) || name.SequenceEqual(AccessLists[1]);
    }
}
