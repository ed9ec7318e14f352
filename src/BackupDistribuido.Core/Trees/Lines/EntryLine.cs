using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Trees.Lines;

/// <summary>
/// An entry as one line of text, the same on the wire, in staging and in a published manifest. Fields are parted by one
/// space and ended by LF; paths and link targets are percent-encoded (<see cref="PathText"/>); there is exactly one
/// spelling of an entry.
/// <code>
/// d MODE UID GID MODIFIED ATTRIBUTES PATH
/// f MODE UID GID MODIFIED ATTRIBUTES SIZE CHANGED INODE SHA256|- PATH
/// l MODE UID GID MODIFIED ATTRIBUTES TARGET PATH
/// p MODE UID GID MODIFIED ATTRIBUTES PATH                 (named pipe)
/// s MODE UID GID MODIFIED ATTRIBUTES PATH                 (socket)
/// c MODE UID GID MODIFIED ATTRIBUTES MAJOR MINOR PATH     (character device; b: block device)
/// h FIRST PATH                                            (hard link to the entry of that number)
/// ! REASON PATH
/// </code>
/// </summary>
public static class EntryLine
{
    /// <summary>Longest line in bytes with its LF: path, target and attributes of the greatest length, all of it
    /// percent-encoded.</summary>
    public const int MaxBytes = (3 * TreePath.MaxBytes) + (3 * SymbolicLinkEntry.MaxTargetBytes)
        + (3 * ExtendedAttributes.MaxBytes) + 512;

    private static readonly string[] Reasons = ["unreadable", "vanished", "changed", "path-too-long"];
    private static readonly string[] SpecialKinds = ["p", "s", "c", "b"];

    /// <summary>How a reason for leaving an entry out is written.</summary>
    public static string Spell(Omission why) => Reasons[(int)why];

    /// <summary>Parses a reason for leaving an entry out.</summary>
    public static bool TryParseOmission(ReadOnlySpan<byte> text, out Omission why)
    {
        for (var i = 0; i < Reasons.Length; i++)
        {
            why = (Omission)i;
            if (Ascii.Equals(text, Reasons[i])) return true;
        }
        why = default;
        return false;
    }

    /// <summary>Writes the line with its LF.</summary>
    public static void Write(Entry entry, IBufferWriter<byte> output)
    {
        var text = new FieldWriter(output);
        switch (entry)
        {
            case DirectoryEntry directory:
                text.Field("d"u8);
                Write(ref text, directory.Metadata);
                break;
            case FileEntry file:
                text.Field("f"u8);
                Write(ref text, file.Metadata);
                text.Field(file.Stamp.Size);
                text.Field(file.Stamp.Changed);
                text.Field(file.Stamp.Inode);
                if (file.Digest is { } digest) text.Field(digest);
                else text.Field("-"u8);
                break;
            case SymbolicLinkEntry link:
                text.Field("l"u8);
                Write(ref text, link.Metadata);
                text.Encoded(link.Target.Span);
                break;
            case SpecialEntry special:
                text.Field(SpecialKinds[(int)special.Kind]);
                Write(ref text, special.Metadata);
                if (special.Kind is not (SpecialKind.CharacterDevice or SpecialKind.BlockDevice)) break;
                text.Field(special.Major);
                text.Field(special.Minor);
                break;
            case HardLinkEntry hardLink:
                text.Field("h"u8);
                text.Field(hardLink.First);
                break;
            case OmittedEntry omitted:
                text.Field("!"u8);
                text.Field(Spell(omitted.Why));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry, "unknown kind of entry");
        }
        text.Encoded(entry.Path.Bytes);
        text.EndLine();
    }

    private static void Write(ref FieldWriter text, Metadata metadata)
    {
        text.Octal(metadata.Mode);
        text.Field(metadata.Uid);
        text.Field(metadata.Gid);
        text.Field(metadata.Modified);
        text.Field(metadata.Attributes.Text);
    }

    /// <summary>Parses one line without its LF. <paramref name="why"/> says what is wrong with a refused one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out Entry? entry,
        [NotNullWhen(false)] out string? why)
    {
        var fields = new FieldReader(line);
        var kind = fields.Word();
        entry = kind switch
        {
            [(byte)'d'] => ReadDirectory(ref fields),
            [(byte)'f'] => ReadFile(ref fields),
            [(byte)'l'] => ReadLink(ref fields),
            [(byte)'p'] => ReadSpecial(ref fields, SpecialKind.Fifo),
            [(byte)'s'] => ReadSpecial(ref fields, SpecialKind.Socket),
            [(byte)'c'] => ReadSpecial(ref fields, SpecialKind.CharacterDevice),
            [(byte)'b'] => ReadSpecial(ref fields, SpecialKind.BlockDevice),
            [(byte)'h'] => ReadHardLink(ref fields),
            [(byte)'!'] => ReadOmitted(ref fields),
            _ => fields.Fail<Entry>("unknown kind of entry"),
        };
        why = fields.Problem ?? (fields.AtEnd ? null : "more fields than expected");
        if (why is not null) entry = null;
        return entry is not null;
    }

    private static DirectoryEntry ReadDirectory(ref FieldReader fields)
    {
        var metadata = ReadMetadata(ref fields);
        return new DirectoryEntry(ReadPath(ref fields), metadata);
    }

    private static FileEntry ReadFile(ref FieldReader fields)
    {
        var metadata = ReadMetadata(ref fields);
        var stamp = new FileStamp(fields.Number(long.MaxValue), fields.Time(), fields.Unsigned64());
        var digest = fields.DigestOrDash();
        return new FileEntry(ReadPath(ref fields), metadata, stamp, digest);
    }

    private static SymbolicLinkEntry ReadLink(ref FieldReader fields)
    {
        var metadata = ReadMetadata(ref fields);
        var target = fields.Encoded();
        if (target.Length is 0 or > SymbolicLinkEntry.MaxTargetBytes)
            fields.Fail<Entry>("link target is empty or too long");
        if (target.Contains((byte)0)) fields.Fail<Entry>("link target has a NUL byte");
        return new SymbolicLinkEntry(ReadPath(ref fields), metadata, target);
    }

    private static SpecialEntry ReadSpecial(ref FieldReader fields, SpecialKind kind)
    {
        var metadata = ReadMetadata(ref fields);
        var isDevice = kind is SpecialKind.CharacterDevice or SpecialKind.BlockDevice;
        var (major, minor) = isDevice
            ? ((uint)fields.Number(uint.MaxValue), (uint)fields.Number(uint.MaxValue)) : (0, 0);
        return new SpecialEntry(ReadPath(ref fields), metadata, kind, major, minor);
    }

    private static HardLinkEntry ReadHardLink(ref FieldReader fields)
    {
        var first = fields.Number(Wire.WireLimits.MaxEntry);
        return new HardLinkEntry(ReadPath(ref fields), first);
    }

    private static OmittedEntry ReadOmitted(ref FieldReader fields)
    {
        if (!TryParseOmission(fields.Word(), out var why)) fields.Fail<Entry>("unknown reason for an omitted entry");
        return new OmittedEntry(ReadPath(ref fields), why);
    }

    private static Metadata ReadMetadata(ref FieldReader fields)
    {
        var (mode, uid, gid, modified) = (fields.Octal(Metadata.MaxMode), (uint)fields.Number(uint.MaxValue),
            (uint)fields.Number(uint.MaxValue), fields.Time());
        var word = fields.Word();
        if (fields.Failed) return new Metadata(0, 0, 0, default);
        if (!ExtendedAttributes.TryParse(word, out var attributes, out var why)) fields.Fail<Entry>(why);
        return new Metadata(mode, uid, gid, modified, attributes);
    }

    private static TreePath ReadPath(ref FieldReader fields)
    {
        var bytes = fields.Encoded();
        if (fields.Failed) return default;
        if (!TreePath.TryFromBytes(bytes, out var path, out var why)) fields.Fail<Entry>(why);
        return path;
    }
}
