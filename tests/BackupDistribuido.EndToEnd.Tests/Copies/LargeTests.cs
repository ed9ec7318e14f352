using System.Globalization;
using BackupDistribuido.EndToEnd.Tests.Faults;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>Much of one thing, judged by a tool that is not ours: large here, as large as users have it under
/// <c>bench/soak</c>.</summary>
[Trait("Length", "long")]
public sealed class LargeTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    [SkippableFact]
    public async Task A_sparse_file_takes_the_room_and_the_wire_of_its_data()
    {
        Folder.Do(
            $"mkdir source; head -c 500000 /dev/urandom > source/f; truncate -s {(Rounds.AreMany ? 16 : 2)}G source/f; "
            + "head -c 500000 /dev/urandom >> source/f");
        Skip.IfNot(Kibibytes("source/f") < 4096, "no sparse files here");
        await Copy("sparse");
        Assert.InRange(Kibibytes("a/sparse/latest/f"), 900, 4096);
        new Replica(Folder, Folder["a"], "sparse").ChecksumsPass();
        Folder.Do("cmp source/f a/sparse/latest/f");
    }

    [Fact]
    public async Task A_directory_of_very_many_entries_arrives_twice()
    {
        var many = Rounds.AreMany ? 1_000_000 : 20_000;
        Folder.Do(
            $"mkdir -p source/many; cd source/many; seq -f 'f%07.0f' {many} | xargs touch; for name in f0000001 "
            + $"f0000777 f{many:0000000}; do echo $name > $name; done");
        await Copy("many");
        new Replica(Folder, Folder["a"], "many").IsRightFor(Folder["source"]);
        Folder.Do("rm source/many/f0000777; echo more > source/many/f0000778");
        await Copy("many");
        new Replica(Folder, Folder["a"], "many").IsRightFor(Folder["source"]);
    }

    private async Task Copy(string name)
    {
        var copy = _bdist.Start("copy", Folder["source"], "a", "--name", name, "--output", "plain");
        Assert.Equal(0, await copy.Exit(Rounds.AreMany ? TimeSpan.FromMinutes(15) : null));
    }

    private int Kibibytes(string path) => int.Parse(Folder.Do($"du -k {path} | cut -f1"), CultureInfo.InvariantCulture);

    public void Dispose() => _bdist.Dispose();
}
