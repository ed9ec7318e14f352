using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BackupDistribuido.Core.Trees;

/// <summary>A SHA-256 (FIPS 180-4): 32 bytes, written as 64 lower-case hex digits.</summary>
public readonly record struct Sha256Digest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    /// <summary>Hex digits of a digest.</summary>
    public const int TextLength = 2 * Size;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Wraps 32 raw bytes.</summary>
    /// <exception cref="ArgumentException">There are not 32 of them.</exception>
    public Sha256Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException("A SHA-256 has 32 bytes.", nameof(bytes));
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>The digest of no bytes at all: what an empty file has.</summary>
    public static Sha256Digest OfNothing { get; } = Of([]);

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return new Sha256Digest(hash);
    }

    /// <summary>The digest of what was appended to <paramref name="hash"/>, which is reset.</summary>
    public static Sha256Digest Finish(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        hash.GetHashAndReset(bytes);
        return new Sha256Digest(bytes);
    }

    /// <summary>Parses 64 lower-case hex digits; nothing else is a digest.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Sha256Digest digest)
    {
        digest = default;
        if (text.Length != TextLength || text.ContainsAnyInRange((byte)'A', (byte)'F')) return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(text, bytes, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != Size) return false;
        digest = new Sha256Digest(bytes);
        return true;
    }

    /// <summary>Parses 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Sha256Digest Parse(string text) =>
        TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var digest)
            ? digest : throw new FormatException("not a SHA-256 in lower-case hex");

    /// <summary>Writes the 32 raw bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>Writes the 64 hex digits as ASCII.</summary>
    public void Format(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        Convert.TryToHexStringLower(bytes, destination, out _);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
