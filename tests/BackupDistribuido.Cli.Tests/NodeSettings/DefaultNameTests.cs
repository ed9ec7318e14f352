using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Tests.NodeSettings;

public sealed class DefaultNameTests
{
    [Fact]
    public void Two_folders_that_end_alike_have_two_names()
    {
        Assert.Equal("nas-mnt-a-backup", DefaultName.OfRoot("nas", "/mnt/a/backup").ToString());
        Assert.Equal("nas-mnt-b-backup", DefaultName.OfRoot("nas", "/mnt/b/backup").ToString());
        var deep = string.Concat(Enumerable.Repeat("/folder", 20));
        Assert.NotEqual(DefaultName.OfRoot("nas", "/x" + deep), DefaultName.OfRoot("nas", "/y" + deep));
        Assert.InRange(DefaultName.OfRoot("nas", "/x" + deep).ToString().Length, 60, 64);
    }

    [Fact]
    public void In_a_copy_names_do_not_depend_on_the_order()
    {
        var names = DefaultName.OfRoots(["/m/a/b", "/m/a-b", "/m/c"]);
        Assert.Equal(3, names.Distinct().Count());
        Assert.Equal("m-c", names[2].ToString());
        Assert.Equal(names.Reverse(), DefaultName.OfRoots(["/m/c", "/m/a-b", "/m/a/b"]));
    }

    [Fact]
    public async Task A_copy_names_a_folder_the_same_however_it_is_typed()
    {
        var names = new HashSet<string>();
        using var run = new BdistRun();
        Directory.CreateDirectory(Path.Combine(run.Folder, "d1"));
        Directory.CreateSymbolicLink(Path.Combine(run.Folder, "link"), Path.Combine(run.Folder, "d1"));
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(run.Folder, "d1"));
        foreach (var typed in new[] { "{folder}/d1", "{folder}/d1/", "{folder}/./d1",
            "{folder}/../" + Path.GetFileName(run.Folder) + "/d1", "{folder}/link", relative })
        {
            Assert.Equal(0, await run.Run("copy", "{source}", typed));
            names.Add(((CopySettings)run.Nodes.Started!).Destinations.Single().Name.ToString());
        }
        Assert.Single(names);
    }
}
