using System.Buffers.Binary;

namespace BackupDistribuido.Core.Trees;

/// <summary>
/// A POSIX access control list in the kernel's own bytes (<c>linux/posix_acl_xattr.h</c>). Where a file has one, the
/// group bits of its mode are the list's mask: the most that anybody in it may do. Without the list they would be the
/// group's own rights, which may be fewer.
/// </summary>
public static class AccessList
{
    private const int HeadBytes = 4, EntryBytes = 8, GroupTag = 4, AllRights = 7, GroupShift = 3;

    /// <summary>The attribute that has it.</summary>
    public static ReadOnlySpan<byte> AttributeName => "system.posix_acl_access"u8;

    /// <summary>The attribute that holds the one that a directory gives to what is made in it.</summary>
    public static ReadOnlySpan<byte> DefaultAttributeName => "system.posix_acl_default"u8;

    /// <summary>The mode that grants no more than the file did with its list, if the list can't be kept. A list that
    /// can't be read grants nothing to the group.</summary>
    public static int ModeWithout(ReadOnlySpan<byte> list, int mode) =>
        mode & ~((AllRights & ~GroupRights(list)) << GroupShift);

    private static int GroupRights(ReadOnlySpan<byte> list)
    {
        for (var at = HeadBytes; at + EntryBytes <= list.Length; at += EntryBytes)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(list[at..]) == GroupTag)
                return BinaryPrimitives.ReadUInt16LittleEndian(list[(at + 2)..]) & AllRights;
        }
        return 0;
    }

    /// <summary>Whether the one mode is the other, but for group bits that it has not.</summary>
    public static bool IsNarrowed(int mode, int from) =>
        (mode & ~from) == 0 && (from & ~mode & ~(AllRights << GroupShift)) == 0;
}
