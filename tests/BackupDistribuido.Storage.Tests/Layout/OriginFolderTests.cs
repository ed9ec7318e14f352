using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Layout;

/// <summary>An origin's folder that is not as it was made: another file system is mounted there, or in it;
/// <c>latest</c> is somebody's.</summary>
public sealed class OriginFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _mounted = [];

    private string Place => _folder[$"root/{CopyOfATree.Origin}"];

    public void Dispose()
    {
        foreach (var mounted in _mounted) _folder.Run($"umount '{mounted}'");
        _folder.Dispose();
    }

    private void Mount(string place)
    {
        Directory.CreateDirectory(place);
        var made = _folder.Run($"mount -t tmpfs -o size=1m tmpfs '{place}'");
        Skip.IfNot(made.Exit == 0, $"this user can't mount here: {made.Output}");
        _mounted.Insert(0, place);
    }

    [SkippableFact]
    public void Where_something_else_is_mounted_that_is_asked_whether_it_syncs_as_a_whole()
    {
        var asked = new Asked();
        using var root = CopyOfATree.OpenRoot(_folder["root"], asked);
        Mount(Place);

        using var place = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source");
        _ = place.Folder.SyncsAsAWhole;

        Assert.Equal(0x01021994, asked.Magic);
    }

    [SkippableTheory]
    [InlineData("staging")]
    [InlineData("snapshots")]
    [InlineData("manifests")]
    public void Parts_on_several_file_systems_are_refused(string part)
    {
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source").Dispose();
        Mount($"{Place}/{part}");

        var refused = Assert.Throws<RootRefusedException>(
            () => OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source"));

        Assert.Contains($"{CopyOfATree.Origin}/{part} is on another file system", refused.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkdir -p latest/x")]
    [InlineData("echo mine > latest")]
    public void A_latest_of_somebodys_stays_is_told_and_costs_no_replica(string make)
    {
        _folder.Do($"mkdir -p source && echo x > source/f");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}").Dispose();
        _folder.Do($"cd '{Place}' && {make}");
        var before = _folder.Do($"cd '{Place}' && find latest -ls");

        CopyOfATree.Copy(_folder["source"], root);

        Assert.Equal(before, _folder.Do($"cd '{Place}' && find latest -ls"));
        var told = new List<string>();
        using var place = OriginReplicas.Open(root, CopyOfATree.Origin, $"machine:{_folder["source"]}",
            warn: said => told.Add(said.ToString()));
        Assert.Single(place.List());
        Assert.Contains(told, one => one.Contains("latest is not a link made by bdist", StringComparison.Ordinal));
    }

    private sealed class Asked : Durability
    {
        public long Magic { get; private set; }

        public override bool Trusts(FileSystemStatus status)
        {
            Magic = status.Magic;
            return false;
        }
    }
}
