using BackupDistribuido.Hosting.Control;

namespace BackupDistribuido.Hosting.Tests.Control;

public sealed class PageFoldersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-folders-").FullName;
    private readonly string _root;
    private readonly PageFolders _folders;

    public PageFoldersTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        Directory.CreateDirectory(Path.Combine(_root, "photos", "2026"));
        Directory.CreateDirectory(Path.Combine(_folder, "root-of-another"));
        File.WriteAllText(Path.Combine(_root, "letter.txt"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(_root, "out"), "/etc");
        _folders = new PageFolders([_root]);
    }

    [Fact]
    public void Folders_are_named_and_files_are_not()
    {
        var listing = _folders.Browse(_root);

        Assert.Contains(Path.Combine(_root, "photos"), listing.Folders);
        Assert.DoesNotContain(listing.Folders, path => path.EndsWith("letter.txt", StringComparison.Ordinal));
        Assert.Null(listing.Parent);
        Assert.Equal(_root, _folders.Browse(Path.Combine(_root, "photos")).Parent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("photos")]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("{root}/..")]
    [InlineData("{root}/photos/../../root-of-another")]
    [InlineData("{root}-of-another")]
    [InlineData("{root}/out")]
    [InlineData("{root}/out/ssl")]
    public void Nothing_outside_is_looked_into_or_chosen(string folder)
    {
        var path = folder.Replace("{root}", _root, StringComparison.Ordinal);

        Assert.False(_folders.Contains(path));
        Assert.NotNull(_folders.Browse(path).Problem);
        Assert.Equal([_root], _folders.Browse(path).Folders);
    }

    [Fact]
    public void A_folder_that_does_not_exist_yet_lies_where_it_would_be()
    {
        Assert.True(_folders.Contains(Path.Combine(_root, "new", "deeper")));
        Assert.False(_folders.Contains(Path.Combine(_root, "out", "new")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
