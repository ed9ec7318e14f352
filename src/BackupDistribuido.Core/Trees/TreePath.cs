using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Trees;

/// <summary>
/// The place of an entry below the root of a tree: the bytes of its names joined by <c>/</c>. A value of this type is
/// always relative and stays below the root: it is never empty, never absolute, has no empty, <c>.</c> or <c>..</c>
/// component, no NUL, no component above <see cref="MaxComponentBytes"/> and is at most <see cref="MaxBytes"/> long.
/// The root itself is <see cref="Root"/>, written <c>.</c>. Names are bytes, as on Linux; they need not be UTF-8.
/// </summary>
public readonly struct TreePath : IEquatable<TreePath>, IComparable<TreePath>
{
    /// <summary>As a part of a reason.</summary>
    public static implicit operator ReasonValue(TreePath value) => value.ToString();

    /// <summary>Longest path in bytes. More than Linux's PATH_MAX (4,096), because a tree is walked by names relative
    /// to open directories.</summary>
    public const int MaxBytes = 65_535;

    /// <summary>Longest single name in bytes (Linux's NAME_MAX).</summary>
    public const int MaxComponentBytes = 255;

    private static readonly byte[] RootBytes = "."u8.ToArray();

    private readonly byte[]? _bytes;

    private TreePath(byte[] bytes) => _bytes = bytes;

    /// <summary>The root of the tree, written <c>.</c>.</summary>
    public static TreePath Root => default;

    /// <summary>The path's bytes; a single dot for the root.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes ?? RootBytes;

    /// <summary>True for the root of the tree.</summary>
    public bool IsRoot => _bytes is null;

    /// <summary>The last component; a single dot for the root.</summary>
    public ReadOnlySpan<byte> Name => Bytes[(Bytes.LastIndexOf((byte)'/') + 1)..];

    /// <summary>The directory that the entry is in.</summary>
    /// <exception cref="InvalidOperationException">The root has no parent.</exception>
    public TreePath Parent
    {
        get
        {
            if (IsRoot) throw new InvalidOperationException("The root of a tree has no parent.");
            var slash = Bytes.LastIndexOf((byte)'/');
            return slash < 0 ? Root : new TreePath(Bytes[..slash].ToArray());
        }
    }

    /// <summary>Parses raw path bytes, as a system call gives them. <paramref name="why"/> says what is wrong with a
    /// refused path.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out TreePath path, [NotNullWhen(false)] out string? why)
    {
        path = default;
        if (bytes.SequenceEqual("."u8)) { why = null; return true; }
        why = bytes switch
        {
            [] => "path is empty",
            { Length: > MaxBytes } => $"path is longer than {MaxBytes} bytes",
            [(byte)'/', ..] => "path is absolute",
            _ => null,
        };
        if (why is not null) return false;
        foreach (var range in bytes.Split((byte)'/'))
        {
            why = WhyNotAName(bytes[range]);
            if (why is not null) return false;
        }
        path = new TreePath(bytes.ToArray());
        return true;
    }

    /// <summary>Parses raw path bytes that are known to be right.</summary>
    /// <exception cref="FormatException">They are not.</exception>
    public static TreePath FromBytes(ReadOnlySpan<byte> bytes) =>
        TryFromBytes(bytes, out var path, out var why) ? path : throw new FormatException(why);

    /// <summary>The entry called <paramref name="name"/> in this directory.</summary>
    /// <exception cref="FormatException"><paramref name="name"/> is not a name, or the path would be too
    /// long.</exception>
    public TreePath Child(ReadOnlySpan<byte> name) =>
        TryChild(name, out var child, out var why) ? child : throw new FormatException(why);

    /// <summary>The entry called <paramref name="name"/> in this directory, where that is a possible path.</summary>
    public bool TryChild(ReadOnlySpan<byte> name, out TreePath child, [NotNullWhen(false)] out string? why)
    {
        child = default;
        var prefix = IsRoot ? 0 : Bytes.Length + 1;
        why = WhyNotAName(name) ?? (prefix + name.Length > MaxBytes ? $"path is longer than {MaxBytes} bytes" : null);
        if (why is not null) return false;
        var bytes = new byte[prefix + name.Length];
        if (prefix > 0)
        {
            Bytes.CopyTo(bytes);
            bytes[prefix - 1] = (byte)'/';
        }
        name.CopyTo(bytes.AsSpan(prefix));
        child = new TreePath(bytes);
        return true;
    }

    private static string? WhyNotAName(ReadOnlySpan<byte> name) => name switch
    {
        [] => "path has an empty component",
        [(byte)'.'] => "path has a '.' component",
        [(byte)'.', (byte)'.'] => "path has a '..' component",
        { Length: > MaxComponentBytes } => $"path has a component longer than {MaxComponentBytes} bytes",
        _ when name.Contains((byte)0) => "path has a NUL byte",
        _ when name.Contains((byte)'/') => "name has a slash",
        _ => null,
    };

    /// <summary>True when this entry lies in <paramref name="directory"/> itself, not deeper.</summary>
    public bool IsChildOf(TreePath directory)
    {
        if (IsRoot) return false;
        var slash = Bytes.LastIndexOf((byte)'/');
        return directory.IsRoot
            ? slash < 0 : slash == directory.Bytes.Length && Bytes[..slash].SequenceEqual(directory.Bytes);
    }

    /// <summary>True when this entry lies in a directory that <paramref name="other"/> lies below, at any
    /// depth.</summary>
    public bool IsInDirectoryAbove(TreePath other)
    {
        if (IsRoot || other.IsRoot) return false;
        var slash = Bytes.LastIndexOf((byte)'/');
        return slash < 0 || other.Bytes.StartsWith(Bytes[..(slash + 1)]);
    }

    /// <summary>
    /// Manifest order: a directory before its entries, names by their bytes. It is the order of the components, not of
    /// the whole strings (<c>a</c>, <c>a/b</c>, <c>a.c</c>), so that a directory's entries are never separated.
    /// </summary>
    public int CompareTo(TreePath other)
    {
        if (IsRoot || other.IsRoot) return other.IsRoot.CompareTo(IsRoot);
        ReadOnlySpan<byte> a = Bytes, b = other.Bytes;
        var common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length) return a.Length.CompareTo(b.Length);
        return Rank(a[common]).CompareTo(Rank(b[common]));

        static int Rank(byte value) => value == (byte)'/' ? -1 : value;
    }

    /// <inheritdoc/>
    public bool Equals(TreePath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The path as text for people: UTF-8 where it is UTF-8, else percent-encoded (see
    /// <see cref="PathText"/>).</summary>
    public override string ToString() => PathText.Display(Bytes).Text;

    /// <summary>Equality of bytes.</summary>
    public static bool operator ==(TreePath left, TreePath right) => left.Equals(right);

    /// <summary>Inequality of bytes.</summary>
    public static bool operator !=(TreePath left, TreePath right) => !left.Equals(right);
}
