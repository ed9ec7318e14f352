using System.Text;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Posix;

public sealed class AttributeListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("file", Errno.None)]
    [InlineData("bare", Errno.None)]
    [InlineData("missing", Errno.NoEntry)]
    [InlineData("link", Errno.None)]
    public void Both_ways_to_list_those_of_a_name_agree(string name, Errno expected)
    {
        Skip.IfNot(_folder.Run("touch file bare && ln -s file link && setfattr -n user.colour -v blue file").Exit == 0,
            "no user attributes, or no setfattr, here");
        using var folder = _folder.Open();
        var (entry, byPath, atOnce) = (Encoding.ASCII.GetBytes(name), new byte[256], new byte[256]);
        Assert.Equal(expected, folder.ListAttributesByPath(entry, byPath, out _));
        var errno = folder.ListAttributesAt(entry, atOnce, out _);
        Skip.If(errno is Errno.NoSystemCall or Errno.NotPermitted, "this kernel has no listxattrat");
        Assert.Equal((expected, Encoding.ASCII.GetString(byPath)), (errno, Encoding.ASCII.GetString(atOnce)));
        Assert.Equal(name == "file",
            Encoding.ASCII.GetString(atOnce).Contains("user.colour\0", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_list_of_any_length_is_read()
    {
        Skip.IfNot(
            _folder.Run(
                "touch file && for i in $(seq 100 140); do setfattr -n user.a-name-of-some-length-$i -v x file || exit "
                + "1; done").Exit == 0, "no user attributes, no setfattr, or no room for so many here");
        using var folder = _folder.Open();
        Assert.True(new Storage.Content.AttributeReader().TryRead(folder, "file"u8, out var attributes));
        Assert.Equal(41,
            attributes.Decode()
                .Count(one => Encoding.ASCII.GetString(one.Name.AsSpan())
                    .StartsWith("user.", StringComparison.Ordinal)));
    }
}
