using System.Security.Cryptography;
using System.Text;
using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

public sealed class Sha256DigestTests
{
    // FIPS 180-4's example
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void It_is_SHA_256()
    {
        Assert.Equal(OfAbc, Sha256Digest.Of("abc"u8).ToString());
        Assert.Equal(OfNothing, Sha256Digest.OfNothing.ToString());
    }

    [Fact]
    public void A_running_hash_gives_the_same_and_starts_anew()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("a"u8);
        hash.AppendData("bc"u8);

        Assert.Equal(Sha256Digest.Parse(OfAbc), Sha256Digest.Finish(hash));
        Assert.Equal(Sha256Digest.OfNothing, Sha256Digest.Finish(hash));
    }

    [Fact]
    public void Any_digest_survives_the_round_trips() =>
        Gen.Byte.Array[Sha256Digest.Size].Sample(bytes =>
        {
            var digest = new Sha256Digest(bytes);
            Span<byte> raw = stackalloc byte[Sha256Digest.Size], text = stackalloc byte[Sha256Digest.TextLength];
            digest.CopyTo(raw);
            digest.Format(text);
            return raw.SequenceEqual(bytes) && Encoding.ASCII.GetString(text) == digest.ToString()
                && Sha256Digest.Parse(digest.ToString()) == digest
                && digest.ToString() == Convert.ToHexStringLower(bytes);
        });

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015adb")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Anything_else_is_no_digest(string text)
    {
        Assert.False(Sha256Digest.TryParse(Encoding.ASCII.GetBytes(text), out _));
        Assert.Equal("not a SHA-256 in lower-case hex",
            Assert.Throws<FormatException>(() => Sha256Digest.Parse(text)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void It_has_32_bytes(int length) =>
        Assert.Throws<ArgumentException>(() => new Sha256Digest(new byte[length]));
}
