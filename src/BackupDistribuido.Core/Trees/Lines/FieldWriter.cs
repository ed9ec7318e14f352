using System.Buffers;
using System.Buffers.Text;
using System.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Core.Trees.Lines;

/// <summary>Writes the fields of one line, parted by one space. The mirror of <see cref="FieldReader"/>.</summary>
public ref struct FieldWriter(IBufferWriter<byte> output)
{
    private const int LongestNumber = 20;
    private bool _begun;

    private void Separate()
    {
        if (_begun) output.Write(" "u8);
        _begun = true;
    }

    /// <summary>A word without a space.</summary>
    public void Field(ReadOnlySpan<byte> word)
    {
        Separate();
        output.Write(word);
    }

    /// <summary>A word of ASCII without a space.</summary>
    public void Field(string word)
    {
        Separate();
        output.Advance(Encoding.ASCII.GetBytes(word, output.GetSpan(word.Length)));
    }

    /// <summary>A decimal number.</summary>
    public void Field(long number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out var written);
        output.Advance(written);
    }

    /// <summary>A decimal number.</summary>
    public void Field(ulong number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out var written);
        output.Advance(written);
    }

    /// <summary>An octal number.</summary>
    public void Octal(int number) => Field(Convert.ToString(number, 8));

    /// <summary>A file's time.</summary>
    public void Field(FileTime time)
    {
        Separate();
        output.Advance(time.Format(output.GetSpan(FileTime.MaxTextLength)));
    }

    /// <summary>A digest.</summary>
    public void Field(Sha256Digest digest)
    {
        Separate();
        digest.Format(output.GetSpan(Sha256Digest.TextLength));
        output.Advance(Sha256Digest.TextLength);
    }

    /// <summary>Bytes, percent-encoded.</summary>
    public void Encoded(ReadOnlySpan<byte> bytes)
    {
        Separate();
        PathText.Encode(bytes, output);
    }

    /// <summary>The LF.</summary>
    public readonly void EndLine() => output.Write("\n"u8);
}
