using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>What is taken from the snapshot before: as another name where everything is the same, as a copy where only
/// the content is, and not at all otherwise.</summary>
public sealed class EarlierSnapshotTests : IDisposable
{
    private static readonly SnapshotId Second = SnapshotId.Parse("20261123T163305Z");

    private readonly TemporaryFolder _folder = new();
    private readonly DestinationRoot _root;
    private readonly string _first;

    public EarlierSnapshotTests()
    {
        _folder.Do(
            "mkdir -p source/d; echo content > source/d/f; echo other > source/d/g; touch -d "
            + "2020-01-01T00:00:00.123456789Z source/d/f");
        _root = CopyOfATree.OpenRoot(_folder["root"]);
        _first = CopyOfATree.Copy(_folder["source"], _root);
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_with_the_same_content_and_metadata_gets_another_name()
    {
        var taken = Take("d/f");
        Assert.Equal((Sha256Digest.Of("content\n"u8), true), (taken.Digest, taken.IsLinked));
        Assert.Equal(ReplicaLimits.None, taken.Shortfall.Limits);
    }

    [Theory]
    [InlineData("chmod 640")]
    [InlineData("setfattr -n user.colour -v blue")]
    public void A_file_with_other_metadata_is_copied(string change)
    {
        _folder.Do($"{change} source/d/f; touch -d 2020-01-01T00:00:00.123456789Z source/d/f");
        var taken = Take("d/f");
        Assert.Equal((Sha256Digest.Of("content\n"u8), false), (taken.Digest, taken.IsLinked));
    }

    [Theory]
    [InlineData("touch -d 2020-01-01T00:00:00.123456788Z source/d/f")]
    [InlineData("echo longer >> source/d/f; touch -d 2020-01-01T00:00:00.123456789Z source/d/f")]
    [InlineData("rm source/d/f; ln -s g source/d/f")]
    public void A_file_with_another_length_or_time_is_not_taken(string change)
    {
        _folder.Do(change);
        Assert.Null(Take("d/f").Digest);
    }

    [Theory]
    [InlineData("echo CONTENT > d/f")]
    [InlineData("rm d/f; echo content > d/f")]
    [InlineData("rm d/f; ln -s g d/f")]
    [InlineData("rm -r d")]
    [InlineData("mv d e; ln -s e d")]
    public void What_somebody_changed_in_the_snapshot_is_not_taken(string change)
    {
        DoIn(_first, change);
        Assert.Null(Take("d/f").Digest);
    }

    [Theory]
    [InlineData("chmod 600 d/f")]
    [InlineData("setfattr -n user.colour -v blue d/f")]
    [InlineData("setfacl -m u:1:r d/f")]
    public void A_file_whose_metadata_somebody_changed_in_the_snapshot_is_copied_with_the_right_one(string change)
    {
        DoIn(_first, change);
        var taken = Take("d/f");
        Assert.Equal((true, false), (taken.Digest is not null, taken.IsLinked));
    }

    [Fact]
    public void What_is_copied_keeps_its_holes()
    {
        _folder.Do(
            "printf data > source/d/h; truncate -s 3M source/d/h; printf end >> source/d/h; truncate -s 5M source/d/h");
        using var second = CopyOfATree.OpenRoot(_folder["root2"]);
        CopyOfATree.Copy(_folder["source"], second);
        _folder.Do("touch -r source/d/h time; chmod 600 source/d/h; touch -r time source/d/h");
        var taken = Take("d/h", second);
        Assert.Equal((true, false), (taken.Digest is not null, taken.IsLinked));
    }

    [Fact]
    public void Another_name_of_a_file_is_no_file_of_its_own()
    {
        _folder.Do("rm source/d/g; ln source/d/f source/d/g");
        using var second = CopyOfATree.OpenRoot(_folder["root2"]);
        var linked = CopyOfATree.Copy(_folder["source"], second);
        _folder.Do("rm source/d/g; cp -p source/d/f source/d/g");
        // Two files now, with the content and metadata of the one: they must not become one again.
        Assert.Null(Take("d/g", second).Digest);
        Assert.True(Take("d/f", second).IsLinked);
        Assert.Equal("2\n", DoIn(linked, "stat -c %h d/g"));
    }

    [Fact]
    public void All_that_is_read_and_right_is_taken_whatever_its_time()
    {
        _folder.Do("touch -d 2021-01-01 source/d/f");
        var read = 0L;
        Assert.NotNull(Take("d/f", verified: bytes => read += bytes).Digest);
        Assert.Equal("content\nother\n".Length, read);
    }

    [Fact]
    public void What_is_read_and_wrong_is_not_taken_though_its_time_is_right()
    {
        DoIn(_first, "printf CONTENT > d/f; echo >> d/f; touch -d 2020-01-01T00:00:00.123456789Z d/f");
        Assert.Null(Take("d/f", verified: _ => { }).Digest);
        Assert.NotNull(Take("d/g", verified: _ => { }).Digest);
    }

    [Fact]
    public void A_snapshot_without_a_manifest_or_with_a_damaged_one_spares_nothing()
    {
        DoIn(_first, "truncate -s 90 ../../manifests/*.manifest");
        Assert.Null(Take("d/f").Digest);
        DoIn(_first, "rm ../../manifests/*.manifest");
        Assert.Null(Take("d/f").Digest);
    }

    private string DoIn(string folder, string script) => _folder.Do($"cd '{folder}'; {script}");

    private (Sha256Digest? Digest, bool IsLinked, ReplicaShortfall Shortfall) Take(string path,
        DestinationRoot? root = null, Action<long>? verified = null)
    {
        using var tree = SourceTree.Open(_folder["source"]);
        using var folder = OriginReplicas.Open(root ?? _root, CopyOfATree.Origin, "machine:" + tree.RealPath);
        using var staged = folder.Stage(Second);
        using var earlier = EarlierSnapshot.Before(staged, verified);
        Sha256Digest? digest = null;
        foreach (var entry in tree.Scan(_ => { }))
        {
            if (entry is DirectoryEntry directory) staged.Writer.Apply(directory);
            if (entry is FileEntry file && entry.Path.ToString() == path) digest = earlier?.Take(file)?.Digest;
        }
        var made = $"{folder.Path}/staging/{Second}/tree/{path}";
        Assert.Equal(digest is not null, File.Exists(made));
        var isLinked = digest is not null
            && _folder.Do(
                $"stat -c %i '{made}' '{folder.SnapshotPath(CopyOfATree.First)}/{path}' | uniq | wc -l") == "1\n";
        if (digest is not null)
        {
            _folder.Do(
                $"test $(stat -c %b '{made}') -le $(stat -c %b '{folder.SnapshotPath(CopyOfATree.First)}/{path}')");
            _folder.Do(
                $"cmp '{made}' source/{path}; rsync -aXn --itemize-changes source/{path} "
                + $"'{Path.GetDirectoryName(made)}/' | diff - /dev/null");
        }
        staged.Discard();
        return (digest, isLinked, staged.Shortfall);
    }
}
