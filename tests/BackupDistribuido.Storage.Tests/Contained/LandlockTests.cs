using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Contained;

public sealed class LandlockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_restricted_process_writes_below_its_folders_and_nowhere_else()
    {
        Skip.IfNot(Landlock.Version >= Landlock.FirstWithRenames,
            "this kernel has no Landlock, or one that knows no renames");
        _folder.Do(
            "mkdir root logs outside outside/empty; echo precious > outside/file; echo > root/mine; ln -s "
            + "../outside/file root/link");
        var before = _folder.Do("find outside -printf '%p %y %m %s %T@\\n' | sort; cat outside/file");

        var output =
            _folder.Do(
                $"dotnet exec '{typeof(LandlockTests).Assembly.Location}' landlock '{_folder["root"]}' "
                + $"'{_folder["logs"]}' '{_folder["outside"]}'");

        Assert.Equal(before, _folder.Do("find outside -printf '%p %y %m %s %T@\\n' | sort; cat outside/file"));
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": "))
            .ToLookup(line => line[1], line => line[0]);
        Assert.Equal(
            ["make a file outside", "write to a file outside", "shorten a file outside", "write through a link",
                "remove a file outside", "remove a folder outside",
                "make a folder outside", "make a link outside", "move a file out", "move a file in",
                    "make a temporary file"],
            answers["denied"]);
        Assert.Equal(
            ["read outside", "write to /dev/null", "make a file in ROOT", "make a log", "move between folders",
                "remove all of it"], answers["done"]);
    }

    [SkippableFact]
    public void A_folder_that_is_not_there_restricts_nothing()
    {
        Skip.IfNot(Landlock.Version >= Landlock.FirstWithRenames,
            "this kernel has no Landlock, or one that knows no renames");
        Assert.Equal(Errno.NoEntry,
            Assert.Throws<PosixException>(() => Landlock.RestrictThread([_folder["nothing"]], [])).Errno);
        _folder.Write("file", "still written");
    }
}
