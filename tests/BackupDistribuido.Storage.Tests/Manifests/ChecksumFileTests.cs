using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Storage.Tests.Manifests;

public sealed class ChecksumFileTests
{
    private static readonly string Digest = Sha256Digest.OfNothing.ToString();

    private static string Line(string path)
    {
        var output = new ArrayBufferWriter<byte>();
        var metadata = new Metadata(0x1A4, 0, 0, default);
        ChecksumFile.Write(new FileEntry(TreePath.FromBytes(Encoding.Latin1.GetBytes(path)), metadata, default,
            Sha256Digest.OfNothing), output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("a/b c", "  a/b c")]
    [InlineData("ÿ", "  ÿ")]
    [InlineData("-", "  ./-")]
    [InlineData("d/-", "  d/-")]
    public void A_path_is_written_as_its_bytes(string path, string expected) =>
        Assert.Equal($"{Digest}{expected}\n", Line(path));

    [Theory]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\r", "a\\r")]
    public void What_would_break_the_line_is_escaped_and_marked(string path, string expected) =>
        Assert.Equal($"\\{Digest}  {expected}\n", Line(path));

    [Fact]
    public void A_path_that_no_program_can_open_is_a_comment()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('x', 255), 16));
        Assert.Equal(4095, path.Length);
        Assert.StartsWith(Digest, Line(path), StringComparison.Ordinal);
        Assert.StartsWith("# left out", Line(path + "/y"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_digest_is_a_mistake() => Assert.Throws<ArgumentException>(() =>
        ChecksumFile.Write(new FileEntry(TreePath.FromBytes("a"u8), new Metadata(0, 0, 0, default), default, null),
            new ArrayBufferWriter<byte>()));
}
