using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Tests.Connections;

[UnsupportedOSPlatform("windows")]
public sealed class ClusterKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-key-").FullName;

    private string KeyFile => Path.Combine(_folder, "cluster.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ASavedKeyIsThePeerOfTheLoadedOne()
    {
        using var made = ClusterKey.Generate();
        made.Save(KeyFile);
        using var loaded = ClusterKey.Load(KeyFile);

        Assert.True(made.IsPeer(loaded.Certificate));
        Assert.True(loaded.Certificate.HasPrivateKey);
    }

    [Fact]
    public void AnotherKeyIsNoPeerThoughItsNameIsTheSame()
    {
        using var one = ClusterKey.Generate();
        using var other = ClusterKey.Generate();

        Assert.Equal(one.Certificate.Subject, other.Certificate.Subject);
        Assert.False(one.IsPeer(other.Certificate));
        Assert.False(one.IsPeer(null));
    }

    [Fact]
    public void TheFileIsForItsOwnerOnly()
    {
        using var key = ClusterKey.Generate();
        key.Save(KeyFile);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void AKeyIsNeverOverwritten()
    {
        File.WriteAllText(KeyFile, "precious");
        using var key = ClusterKey.Generate();

        Assert.Contains("never overwritten", Assert.Throws<ClusterKeyException>(() => key.Save(KeyFile)).Message,
            StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(KeyFile));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void AKeyThatOthersCanReachIsRefused(UnixFileMode extra)
    {
        using var key = ClusterKey.Generate();
        key.Save(KeyFile);
        File.SetUnixFileMode(KeyFile, File.GetUnixFileMode(KeyFile) | extra);

        Assert.Contains("chmod 600", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "", true)]
    [InlineData(UnixFileMode.GroupRead, "/", true)]
    [InlineData(UnixFileMode.GroupRead, "/other", false)]
    [InlineData(UnixFileMode.GroupWrite, "", false)]
    [InlineData(UnixFileMode.OtherRead, "", false)]
    public void WhatAServiceManagerHandsOverMayLookReadableByAGroup(UnixFileMode extra, string below, bool isTaken)
    {
        using var key = ClusterKey.Generate();
        key.Save(KeyFile);
        File.SetUnixFileMode(KeyFile, File.GetUnixFileMode(KeyFile) | extra);
        var credentials = Path.GetDirectoryName(KeyFile) + below;

        if (!isTaken)
            Assert.Contains("chmod 600",
                Assert.Throws<ClusterKeyException>(() => ClusterKey.Load(KeyFile, credentials)).Message,
                    StringComparison.Ordinal);
        else
        {
            using var loaded = ClusterKey.Load(KeyFile, credentials);
            Assert.True(loaded.IsPeer(key.Certificate));
        }
    }

    [Fact]
    public void AMissingKeySaysHowToMakeOne() => Assert.Contains("bdist key", Refused(), StringComparison.Ordinal);

    [Fact]
    public void WhatIsNoPemIsRefused()
    {
        Write("not a key");
        Assert.Contains("is no key", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateWithoutItsPrivateKeyIsRefused()
    {
        using var key = ClusterKey.Generate();
        Write(key.Certificate.ExportCertificatePem());
        Assert.Contains("private key", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateWithAnotherOnesPrivateKeyIsRefused()
    {
        using var one = ClusterKey.Generate();
        using var other = ClusterKey.Generate();
        using var otherKey = other.Certificate.GetECDsaPrivateKey();
        Write(one.Certificate.ExportCertificatePem() + "\n" + otherKey!.ExportPkcs8PrivateKeyPem());
        Assert.Contains("is no key", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void AHugeFileIsRefusedUnread()
    {
        Write(new string('x', ClusterKey.MaxFileSize + 1));
        Assert.Contains("more than", Refused(), StringComparison.Ordinal);
    }

    private void Write(string text)
    {
        File.WriteAllText(KeyFile, text);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Refused() => Assert.Throws<ClusterKeyException>(() => ClusterKey.Load(KeyFile)).Message;
}
