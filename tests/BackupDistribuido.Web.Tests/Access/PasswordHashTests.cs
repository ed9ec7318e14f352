using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Web.Tests.Access;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_password_fits_its_hash_and_no_other()
    {
        var hash = PasswordHash.Parse(PasswordHash.Of("correct horse").ToString());

        Assert.True(hash.Fits("correct horse"));
        Assert.False(hash.Fits("correct horsf"));
        Assert.False(hash.Fits(""));
    }

    [Fact]
    public void Two_hashes_of_one_password_differ() =>
        Assert.NotEqual(PasswordHash.Of("correct horse").ToString(), PasswordHash.Of("correct horse").ToString());

    [Fact]
    public void A_short_one_is_refused() => Assert.Throws<FormatException>(() => PasswordHash.Of("1234567"));

    [Theory]
    [InlineData("")]
    [InlineData("correct horse")]
    [InlineData("pbkdf2-sha512$1$AAAAAAAAAAA=$AAAA")]
    [InlineData("pbkdf2-sha512$99999999999$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha512$210000$!!$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("md5$210000$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_hash_is_refused(string text) =>
        Assert.Throws<FormatException>(() => PasswordHash.Parse(text));
}
