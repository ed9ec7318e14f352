using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Frames that a replica may get and an origin of ours does not send, or seldom.</summary>
public sealed class ReplicaUnderPressureTests
{
    [Fact]
    public void A_file_that_is_changed_meanwhile_costs_the_unfinished_one_nothing_but_time()
    {
        using var link = new HandLink(source =>
        {
            File.WriteAllBytes(Path.Combine(source, "a"), new byte[100]);
            File.WriteAllBytes(Path.Combine(source, "big"), new byte[2_000_000]);
        });
        var sent = 0;
        link.Pass = _ => ++sent <= 3;
        Assert.False(link.Run());
        link.Pass = _ => true;

        // The next link finds "a" changed: its content comes before the rest of "big".
        link.BeginLink();
        var page = link.Tree.Page(0)!;
        var changed = Assert.IsType<FileEntry>(page[1]);
        link.Take(page, changed with { Stamp = changed.Stamp with { Size = 3 }, Digest = null });
        link.Take(new DataFrame(1, 0, 3), "new"u8);
        link.Take(new EndFrame(1, 3, Sha256Digest.Of("new"u8)));
        var offset = link.Needs[0].RangesOf(2)!.First;
        var rest = new byte[2_000_000 - offset];
        for (var at = 0; at < rest.Length; at += 200_000)
        {
            var length = Math.Min(200_000, rest.Length - at);
            link.Take(new DataFrame(2, offset + at, length), rest.AsSpan(at, length));
        }
        link.Take(new EndFrame(2, 2_000_000, new Sha256Digest(SHA256.HashData(new byte[2_000_000]))));

        Assert.Equal(1, link.Replica.FirstPage);
    }

    [Fact]
    public void Content_of_a_file_whose_digest_alone_is_lacked_is_skipped()
    {
        using var link = new HandLink(source =>
        {
            File.WriteAllBytes(Path.Combine(source, "a"), [1, 2, 3]);
            File.WriteAllBytes(Path.Combine(source, "b"), [4]);
        });
        link.BeginLink();
        var page = link.Tree.Page(0)!;
        link.Take(page, page[1]);
        link.Take(new DataFrame(1, 0, 3), [1, 2, 3]);
        link.Take(new EndFrame(1, 3, Sha256Digest.Of([1, 2, 3])));

        link.BeginLink();
        link.Take(page, page[1]);
        Assert.Equal(ByteRanges.DigestOnly, link.Needs[0].RangesOf(1));
        link.Take(new DataFrame(1, 0, 3), [1, 2, 3]);
        link.Take(new EndFrame(1, 3, Sha256Digest.Of([1, 2, 3])));
        link.Take(new DataFrame(2, 0, 1), [4]);
        link.Take(new EndFrame(2, 1, Sha256Digest.Of([4])));

        Assert.Equal(1, link.Replica.FirstPage);
    }

    [Fact]
    public void After_the_disk_refused_something_no_further_link_makes_a_replica_of_the_rest()
    {
        using var link = new HandLink(source =>
        {
            File.CreateSymbolicLink(Path.Combine(source, "l"), "nowhere");
            File.WriteAllText(Path.Combine(source, "z"), "z");
        });
        var taken = Path.Combine(link.Root.RealPath, HandLink.Origin.ToString(), "staging", HandLink.Id.ToString(),
            "tree", "l");
        File.WriteAllText(taken, "in the way");
        Assert.ThrowsAny<IOException>(() => link.Run());
        File.Delete(taken);

        Assert.Throws<InvalidOperationException>(() => link.Run());
        Assert.Null(link.Replica.Seal);
    }
}
