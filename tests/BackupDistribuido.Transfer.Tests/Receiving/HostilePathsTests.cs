using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Pages of a parent who lies, through the code that takes real ones: each is refused, or what it says stays
/// in <c>staging/ID/tree</c>.</summary>
public sealed class HostilePathsTests : IDisposable
{
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");
    private static readonly byte[] Content = "content"u8.ToArray();
    private static readonly byte[] RootLine = "d 755 0 0 0.000000000 - .\n"u8.ToArray();

    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-hostile-").FullName;
    private readonly DestinationRoot _root;
    private readonly OriginReplicas _origin;

    public HostilePathsTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "outside", "x"));
        File.WriteAllText(Path.Combine(_folder, "outside", "file"), "precious");
        _root = DestinationRoot.Open(Path.Combine(_folder, "root"), new RootOptions());
        _origin = OriginReplicas.Open(_root, NodeName.Parse("laptop"), "machine:/source");
    }

    public void Dispose()
    {
        _origin.Dispose();
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Place => Path.Combine(_origin.Path, "staging", Id.ToString());

    [Fact]
    public void Each_is_refused_or_stays_in_staging()
    {
        var before = Listing(_folder);
        var (refused, stayed) = (0, 0);
        foreach (var (what, lines, count, isRefused) in HostilePaths.All())
        {
            using var staged = _origin.Stage(Id);
            using (var replica = new Replica(new NewSnapshot(staged)))
            {
                using var link = replica.BeginLink((_, _) => { }, (_, _) => { });
                var problem = Xunit.Record.Exception(() => Feed(link, lines, count));
                var kept = Listing(Path.Combine(Place, "tree"));
                if (isRefused)
                {
                    Assert.True(problem is ProtocolException { Code: ErrorCode.Syntax or ErrorCode.Order },
                        $"{what}: {problem?.ToString() ?? "was taken"}");
                    Assert.True(kept.Count == 0, $"{what}: {string.Join(", ", kept)}");
                    refused++;
                }
                else
                {
                    Assert.True(problem is null, $"{what}: {problem}");
                    Assert.True(kept.Count == (what.StartsWith("omitted", StringComparison.Ordinal) ? 0 : 1),
                        $"{what}: {string.Join(", ", kept)}");
                    stayed++;
                }
                Assert.True(before.SequenceEqual(Listing(_folder)
                    .Where(line => !line.StartsWith(Place, StringComparison.Ordinal))), what);
            }
            staged.Discard();
        }
        Assert.True(refused >= 500 && stayed >= 200, $"{refused} refused, {stayed} stayed");
        Assert.Equal(before, Listing(_folder));
    }

    /// <summary>The first page, and the content of what is lacked of it.</summary>
    private static void Feed(ReplicaLink link, byte[] lines, int count)
    {
        byte[] page = [.. RootLine, .. lines];
        Take(link, new PageFrame(0, 0, count + 1, page.Length), page);
        if (!lines.AsSpan().StartsWith("f 644 "u8)) return;
        Take(link, new DataFrame(1, 0, Content.Length), Content);
        Take(link, new EndFrame(1, Content.Length, Sha256Digest.Of(Content)));
    }

    private static void Take(ReplicaLink link, Frame frame, ReadOnlySpan<byte> payload = default)
    {
        using var parcels = new ParcelBuilder(new BufferPool());
        parcels.Append(frame, payload);
        var parcel = parcels.Take()!;
        try
        {
            link.Take(parcel);
        }
        finally
        {
            parcel.Release();
        }
    }

    [Fact]
    public void A_later_page_goes_through_no_link_of_an_earlier_one()
    {
        using var staged = _origin.Stage(Id);
        using var replica = new Replica(new NewSnapshot(staged));
        using var link = replica.BeginLink((_, _) => { }, (_, _) => { });
        Feed(link, "l 777 0 0 0.000000000 - ../../../../../outside a\n"u8.ToArray(), 1);
        var line = Encoding.ASCII.GetBytes("d 777 0 0 0.000000000 - a/y\n");
        Assert.Equal(ErrorCode.Order,
            Assert.Throws<ProtocolException>(() => Take(link, new PageFrame(1, 2, 1, line.Length), line)).Code);
        Assert.Equal(2, Listing(Path.Combine(_folder, "outside")).Count);
    }

    [Fact]
    public void A_file_is_announced_anew_under_its_own_name_alone()
    {
        using var staged = _origin.Stage(Id);
        using var replica = new Replica(new NewSnapshot(staged));
        using var link = replica.BeginLink((_, _) => { }, (_, _) => { });
        var page = Encoding.ASCII.GetBytes("d 755 0 0 0.000000000 - .\nf 644 0 0 0.000000000 - 7 0.000000000 1 - a\n");
        Take(link, new PageFrame(0, 0, 2, page.Length), page);
        foreach (var path in (string[])["b", "../a", "a/../../a", "/a", "a/", "./a"])
        {
            var line = Encoding.ASCII.GetBytes($"f 644 0 0 0.000000000 - 7 0.000000000 1 - {path}\n");
            Assert.ThrowsAny<ProtocolException>(() => Take(link, new AgainFrame(1, line.Length), line));
        }
        Assert.Empty(Listing(Path.Combine(Place, "tree")));
    }

    /// <summary>All below a folder with length, time, mode and a link's target; links are not followed.</summary>
    private static List<string> Listing(string folder)
    {
        var found = new List<string>();
        foreach (var entry in new DirectoryInfo(folder)
            .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 })
            .OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            // A name that is not UTF-8 is listed altered, so that nothing more can be said of it.
            var isDirectory = entry is DirectoryInfo && entry.LinkTarget is null && entry.Exists;
            // A folder's time tells of what is made in it, which stands here by itself.
            found.Add(
                $"{entry.FullName} {entry.UnixFileMode} {entry.LinkTarget} "
                + (isDirectory ? "" : $"{entry.LastWriteTimeUtc:O} "
                    + $"{(entry is FileInfo { Exists: true, LinkTarget: null } file ? file.Length : 0)}"));
            if (isDirectory) found.AddRange(Listing(entry.FullName));
        }
        return found;
    }
}
