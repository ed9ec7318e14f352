using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Scanning;

/// <summary>One attribute that can't be had or kept costs no other one, and gives nobody a right.</summary>
public sealed class LostAttributesTests : IDisposable
{
    // In memory: other file systems have no room for so much in one file.
    private readonly string _memory = $"/dev/shm/bdist-test-{Guid.NewGuid():N}";
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        if (Directory.Exists(_memory)) Directory.Delete(_memory, recursive: true);
    }

    [SkippableFact]
    public void Attributes_that_are_too_large_together_lose_the_largest_and_its_name_is_told()
    {
        var made =
            _folder.Run(
                $"mkdir {_memory} && cd {_memory} && echo x > f && chmod 600 f && setfacl -m u:12345:rwx,g::--- f && "
                + "setfattr -n user.a.big -v $(head -c 9000 /dev/zero | tr '\\0' x) f "
            + "&& setfattr -n user.b.big -v $(head -c 9100 /dev/zero | tr '\\0' x) f && setfattr -n user.small -v 1 f");
        Skip.IfNot(made.Exit == 0, $"no attributes in memory here: {made.Output}");
        using var tree = SourceTree.Open(_memory);
        var lost = new List<LostAttributes>();

        var file = tree.Scan(lost.Add).OfType<FileEntry>().Single();

        Assert.Equal(new LostAttributes(file.Path, "user.b.big"), Assert.Single(lost));
        Assert.Equal(["system.posix_acl_access", "user.a.big", "user.small"],
            file.Metadata.Attributes.Decode().Select(one => System.Text.Encoding.ASCII.GetString(one.Name)));
        Assert.Equal(Convert.ToInt32("670", 8), file.Metadata.Mode);
        Assert.True(tree.TryOpenFile(file, out var opened, out _) && opened.IsAsAnnounced);
        opened!.Dispose();
    }

    [Fact]
    public void Where_a_replica_can_not_have_the_list_its_group_bits_are_the_groups_own()
    {
        // A list that no system takes, for it says nothing of the owner; the group may do nothing.
        byte[] list = [2, 0, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255];
        var attributes =
            ExtendedAttributes.Of([([.. AccessList.AttributeName], list), ([.. "user.colour"u8], [.. "blue"u8])]);
        _folder.Write("source/f", "x");
        using var root = CopyOfATree.OpenRoot(_folder["root"]);
        using var place = OriginReplicas.Open(root, CopyOfATree.Origin, "machine:/source");
        using var staged = place.Stage(CopyOfATree.First);
        using (var tree = SourceTree.Open(_folder["source"]))
        {
            var scanned = tree.Scan(_ => { }).OfType<FileEntry>().Single();
            var file = staged.Create(scanned with
            {
                Metadata = scanned.Metadata with
                {
                    Mode = Convert.ToInt32("670", 8),
                    Attributes = attributes
                }
            });
            file.Write("x"u8);
            file.Finish();
        }

        Assert.Equal("600\n", _folder.Do($"stat -c %a root/{CopyOfATree.Origin}/staging/{CopyOfATree.First}/tree/f"));
        Assert.Contains("user.colour",
            _folder.Do($"getfattr root/{CopyOfATree.Origin}/staging/{CopyOfATree.First}/tree/f"),
                StringComparison.Ordinal);
        Assert.True(staged.Shortfall.Limits.HasFlag(ReplicaLimits.Attributes | ReplicaLimits.Modes));
    }
}
