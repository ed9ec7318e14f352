namespace BackupDistribuido.Storage.Posix;

/// <summary>Bytes with the NUL that C wants behind them, in the caller's scratch space where they fit.</summary>
internal readonly ref struct CString
{
    /// <summary>Scratch space that holds every name of one component.</summary>
    public const int NameSpace = 256;

    private readonly Span<byte> _bytes;

    /// <exception cref="ArgumentException">There is a NUL in <paramref name="text"/>: C would see another, shorter
    /// name.</exception>
    public CString(scoped ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        if (text.Contains((byte)0)) throw new ArgumentException("A path has a NUL byte.", nameof(text));
        _bytes = text.Length < scratch.Length ? scratch : new byte[text.Length + 1];
        text.CopyTo(_bytes);
        _bytes[text.Length] = 0;
    }

    public ref byte GetPinnableReference() => ref _bytes.GetPinnableReference();
}
