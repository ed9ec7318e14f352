using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Tests.NodeSettings;

public sealed class KeptChoicesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-kept-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "state", "origin.conf");

    private static Dictionary<Setting, string?> Choices(string source) =>
        new() { [Settings.Source] = source, [Settings.Copies] = "2" };

    private string? Read(Setting setting) => HoconFile.Load(Path).TryGet(setting, out var text, out _) ? text : null;

    [Theory]
    [InlineData("/home/ana/photos")]
    [InlineData("/a \"b\" \\c # d ñ")]
    public void What_is_kept_is_read_again(string source)
    {
        new KeptChoices(Path).Save(Choices(source));

        Assert.Equal(source, Read(Settings.Source));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void The_owners_own_words_stay_and_the_newest_choice_wins()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "# mine\nbackup { origin { source = \"/old\", wait = 10m } }");
        var kept = new KeptChoices(Path);

        kept.Save(Choices("/first"));
        kept.Save(Choices("/second"));

        Assert.Equal(("/second", "10m"), (Read(Settings.Source), Read(Settings.Wait)));
        var text = File.ReadAllText(Path);
        Assert.StartsWith("# mine\nbackup {", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/first", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_called_as_the_blocks_end_does_not_end_it()
    {
        var kept = new KeptChoices(Path);

        kept.Save(Choices("/a # <<< b"));
        kept.Save(Choices("/second"));

        Assert.Equal("/second", Read(Settings.Source));
        Assert.DoesNotContain("b\"", File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_can_not_be_added_to_is_left_alone()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "{ backup.origin.copies = 1 }");

        Assert.Throws<CommandFailure>(() => new KeptChoices(Path).Save(Choices("/x")));
        Assert.Equal("{ backup.origin.copies = 1 }", File.ReadAllText(Path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
