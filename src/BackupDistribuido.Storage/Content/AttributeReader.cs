using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Content;

/// <summary>
/// Reads the extended attributes that belong to a snapshot: <c>user.</c>, <c>trusted.</c> and <c>security.</c> ones,
/// and POSIX access control lists. What else there is under <c>system.</c> is a file system's own view of something.
/// For one thread.
/// </summary>
internal sealed class AttributeReader
{
    private static readonly byte[][] AccessLists =
        ["system.posix_acl_access"u8.ToArray(), "system.posix_acl_default"u8.ToArray()];

    private const int ShortList = 512, MostShown = 3;

    private readonly byte[] _names = new byte[Descriptor.LongestAttribute];
    private readonly byte[] _value = new byte[Descriptor.LongestAttribute];
    private List<byte[]> _lost = [];
    private byte[]? _access;

    /// <summary>
    /// The attributes of an open file, or of <paramref name="entry"/> in an open directory. False if some can't be
    /// read, or all together exceed <see cref="ExtendedAttributes.MaxBytes"/>: then the result has the others, access
    /// control lists first, because they control access, then the small ones. <see cref="Lost"/> and
    /// <see cref="ModeOf"/> describe what is missing. An entry that is gone has none: its next reader will notice.
    /// </summary>
    public bool TryRead(Descriptor file, ReadOnlySpan<byte> entry, out ExtendedAttributes attributes)
    {
        (attributes, _access, _lost) = (default, null, []);
        // The kernel takes as much memory as it is offered, each time.
        var errno = file.ListAttributes(entry, _names.AsSpan(0, ShortList), out var bytes);
        if (errno == Errno.Range) errno = file.ListAttributes(entry, _names, out bytes);
        if (errno is Errno.NotSupported or Errno.NoEntry || bytes == 0) return true;
        if (errno != Errno.None)
        {
            // Whether there is a list is not known.
            _access = [];
            return false;
        }
        List<(byte[] Name, byte[] Value)>? found = null;
        var total = 0;
        for (var names = _names.AsSpan(0, bytes); !names.IsEmpty;)
        {
            var end = names.IndexOf((byte)0);
            var name = names[..end];
            names = names[(end + 1)..];
            if (!ExtendedAttributes.IsCopied(name)) continue;
            errno = file.ReadAttribute(entry, name, _value, out var length);
            if (errno is Errno.NoData or Errno.NotSupported) continue;
            if (errno != Errno.None)
            {
                Lose(name, []);
                continue;
            }
            total += Room(name.Length, length);
            (found ??= []).Add((name.ToArray(), _value[..length]));
        }
        if (total > ExtendedAttributes.MaxBytes) found = Fitting(found!);
        if (found is not null) attributes = ExtendedAttributes.Of(found);
        return _lost.Count == 0;
    }

    /// <summary>The attributes left out by the last <see cref="TryRead"/>, as a text for users.</summary>
    public string Lost =>
        string.Join(", ", _lost.Take(MostShown).Select(name => PathText.Display(name).Text))
            + (_lost.Count > MostShown ? ", …" : "");

    /// <summary>The mode of the entry that was read last, given its attributes: without its access control list it must
    /// not grant more than with it.</summary>
    public int ModeOf(int mode) => _access is null ? mode : AccessList.ModeWithout(_access, mode);

    private List<(byte[] Name, byte[] Value)> Fitting(List<(byte[] Name, byte[] Value)> all)
    {
        var room = ExtendedAttributes.MaxBytes;
        var fitting = new List<(byte[] Name, byte[] Value)>();
        foreach (var one in all.OrderBy(one => Array.Exists(AccessLists, list => list.AsSpan().SequenceEqual(one.Name))
            ? 0 : 1).ThenBy(one => Room(one.Name.Length, one.Value.Length)))
        {
            var needed = Room(one.Name.Length, one.Value.Length);
            if (needed > room) Lose(one.Name, one.Value);
            else
            {
                fitting.Add(one);
                room -= needed;
            }
        }
        return fitting;
    }

    private static int Room(int name, int value) => name + value + 1;

    private void Lose(ReadOnlySpan<byte> name, byte[] value)
    {
        _lost.Add(name.ToArray());
        if (name.SequenceEqual(AccessList.AttributeName)) _access = value;
    }
}
