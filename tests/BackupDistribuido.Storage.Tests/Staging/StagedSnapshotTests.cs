using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests.Staging;

public sealed class StagedSnapshotTests : IDisposable
{
    private static readonly Metadata Plain = new(0x1A4, 0, 0, new FileTime(1, 2));

    private readonly TemporaryFolder _folder = new();
    private readonly DestinationRoot _root;
    private readonly OriginReplicas _origin;
    private readonly StagedSnapshot _staged;

    public StagedSnapshotTests()
    {
        _root = CopyOfATree.OpenRoot(_folder["root"]);
        _origin = OriginReplicas.Open(_root, CopyOfATree.Origin, "id");
        _staged = _origin.Stage(CopyOfATree.First);
        _folder.Do("mkdir outside; echo precious > outside/file");
    }

    private string Tree => $"{_origin.Path}/staging/{CopyOfATree.First}/tree";

    public void Dispose()
    {
        _staged.Dispose();
        _origin.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    private static TreePath At(string path) => TreePath.FromBytes(Encoding.Latin1.GetBytes(path));

    private static FileEntry File(string path, int mode = 0x1A4) =>
        new(At(path), Plain with { Mode = mode }, default, null);

    private void AssertOutsideIsUntouched() =>
        Assert.Equal("outside\noutside/file\nprecious\n", _folder.Do("find outside; cat outside/file"));

    [Fact]
    public void A_file_is_private_until_it_is_finished()
    {
        using var file = _staged.Create(File("f", 0x1FF));
        file.Write("12"u8);
        file.Write("3"u8);
        Assert.Equal("600", _folder.Do($"stat -c %a '{Tree}/f'").Trim());
        file.Finish();
        Assert.Equal("777 3", _folder.Do($"stat -c '%a %s' '{Tree}/f'").Trim());
        Assert.Equal(3, file.Length);
        Assert.Equal("00:00:01.000000002", _folder.Do($"TZ=UTC stat -c %y '{Tree}/f'").Split(' ')[1]);
    }

    [SkippableFact]
    public void Set_uid_and_the_owner_are_kept_by_root_alone()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root gives files away");
        using (var file = _staged.Create(File("f") with { Metadata = new Metadata(0x9ED, 1234, 5678, default) }))
            file.Finish();
        _staged.Writer.Apply(new SymbolicLinkEntry(At("l"), new Metadata(0x1FF, 1234, 5678, default), "t"u8.ToArray()));
        Assert.Equal("4755 1234 5678\n", _folder.Do($"stat -c '%a %u %g' '{Tree}/f'"));
        Assert.Equal("1234 5678\n", _folder.Do($"stat -c '%u %g' '{Tree}/l'"));
    }

    [Fact]
    public void An_unfinished_file_goes_when_it_is_given_up()
    {
        using (var file = _staged.Create(File("disposed"))) file.Write("1"u8);
        var abandoned = _staged.Create(File("abandoned"));
        abandoned.Abandon();
        abandoned.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Tree));
    }

    [Fact]
    public void A_file_whose_sync_fails_can_be_written_anew()
    {
        var durability = new RecordingDurability { Trusted = false };
        using var root = CopyOfATree.OpenRoot(_folder["slow"], durability);
        using var folder = OriginReplicas.Open(root, CopyOfATree.Origin, "id");
        using var staged = folder.Stage(CopyOfATree.First);
        durability.FailAt = durability.Calls.Count;
        using (var file = staged.Create(File("f"))) Assert.Throws<DurabilityException>(file.Finish);
        using (var file = staged.Create(File("f"))) file.Finish();
    }

    [Fact]
    public void A_taken_name_is_not_overwritten()
    {
        using (var file = _staged.Create(File("f"))) file.Finish();
        Assert.Equal(Errno.Exists, Assert.Throws<PosixException>(() => _staged.Create(File("f"))).Errno);
        _staged.Writer.Remove(At("f"));
        _staged.Create(File("f")).Dispose();
    }

    [Fact]
    public void What_is_left_out_is_removed_with_all_that_is_in_it()
    {
        _staged.Writer.Apply(new DirectoryEntry(At("d"), Plain));
        _staged.Create(File("d/f")).Finish();
        _staged.Writer.Remove(At("d"));
        _staged.Writer.Remove(At("d"));
        _staged.Writer.Remove(At("no/where"));
        // Its name is free again, and the directory that was open before is not taken for the new one.
        _staged.Writer.Apply(new DirectoryEntry(At("d"), Plain));
        _staged.Create(File("d/f")).Finish();
        Assert.True(System.IO.File.Exists($"{Tree}/d/f"));
    }

    [Theory]
    [InlineData("d/file")]
    [InlineData("d/new")]
    public void A_link_in_the_place_of_a_directory_is_not_followed(string path)
    {
        _folder.Do($"ln -s {_folder["outside"]} '{Tree}/d'");
        Assert.Throws<PosixException>(() => _staged.Create(File(path)));
        Assert.Throws<PosixException>(() => _staged.Writer.Apply(new DirectoryEntry(At(path), Plain)));
        Assert.Throws<PosixException>(
            () => _staged.Writer.Apply(new SymbolicLinkEntry(At(path), Plain, "x"u8.ToArray())));
        Assert.Throws<PosixException>(() => _staged.Writer.Remove(At(path)));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void A_link_in_the_place_of_a_file_is_neither_written_through_nor_replaced_unasked()
    {
        _folder.Do($"ln -s {_folder["outside/file"]} '{Tree}/f'; ln -s {_folder["outside/new"]} '{Tree}/g'");
        Assert.Throws<PosixException>(() => _staged.Create(File("f")));
        Assert.Throws<PosixException>(() => _staged.Create(File("g")));
        _staged.Writer.Remove(At("f"));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void A_link_that_takes_a_directorys_place_before_the_publish_gets_none_of_its_metadata()
    {
        var lines = "d 755 0 0 0.000000000 - .\nd 711 0 0 0.000000000 - d\n"u8;
        _staged.Writer.Apply(new DirectoryEntry(At("d"), Plain));
        _staged.Draft.Append(lines, 0, 2);
        _folder.Do($"rmdir '{Tree}/d'; ln -s {_folder["outside"]} '{Tree}/d'; chmod 0750 outside");
        Assert.Throws<PosixException>(() => _staged.Publish(_staged.Draft.Seal));
        Assert.Equal("750\n", _folder.Do("stat -c %a outside"));
        Assert.Null(_origin.Newest);
    }

    [Fact]
    public void Discarding_removes_everything_and_follows_nothing()
    {
        _staged.Writer.Apply(new DirectoryEntry(At("d"), Plain));
        _folder.Do(
            $"ln -s {_folder["outside"]} '{Tree}/d/out'; mkdir '{Tree}/closed'; touch '{Tree}/closed/x'; chmod 0555 "
            + $"'{Tree}/closed'");
        _staged.Discard();
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_origin.Path}/staging"));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void A_failure_names_the_path_and_what_the_system_said()
    {
        var problem = Assert.Throws<PosixException>(() => _staged.Create(File("no/where")));
        Assert.Equal(Errno.NoEntry, problem.Errno);
        Assert.Contains("no/where", problem.Message, StringComparison.Ordinal);
        Assert.Contains("errno 2", problem.Message, StringComparison.Ordinal);
    }
}
