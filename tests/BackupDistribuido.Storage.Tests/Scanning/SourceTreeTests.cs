using System.Net.Sockets;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Tests.Replicas;

namespace BackupDistribuido.Storage.Tests.Scanning;

public sealed class SourceTreeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private List<Entry> Scan()
    {
        using var tree = SourceTree.Open(_folder.Path);
        return [.. tree.Scan(_ => { })];
    }

    [Fact]
    public void Entries_come_in_the_order_of_a_manifest()
    {
        _folder.Do("mkdir -p a/b a-b; echo > a/z; echo > a/b/c; echo > a.c; echo > A; echo > $'\\xff'; echo > a-b/x");
        var entries = Scan();
        Assert.Equal([".", "A", "a", "a/b", "a/b/c", "a/z", "a-b", "a-b/x", "a.c", "%FF"],
            entries.Select(entry => entry.Path.ToString()));
        var order = new TreeOrder();
        Assert.All(entries, entry => Assert.True(order.TryNext(entry, out _)));
    }

    [Fact]
    public void Metadata_is_what_the_system_says_to_the_nanosecond()
    {
        _folder.Do(
            "printf 12345 > f; chmod 0640 f; touch -d '1969-12-31T23:59:58.123456789Z' f; ln -s target l; touch -h -d "
            + "'2001-01-01T00:00:00.000000007Z' l");
        var file = Assert.IsType<FileEntry>(Scan()[1]);
        Assert.Equal((0x1A0, new FileTime(-2, 123456789), 5L),
            (file.Metadata.Mode, file.Metadata.Modified, file.Stamp.Size));
        Assert.Equal(_folder.Do("stat -c '%i %u %g' f").Trim(),
            $"{file.Stamp.Inode} {file.Metadata.Uid} {file.Metadata.Gid}");
        Assert.Null(file.Digest);
        var link = Assert.IsType<SymbolicLinkEntry>(Scan()[2]);
        Assert.Equal("target"u8.ToArray(), link.Target.ToArray());
        Assert.Equal(new FileTime(978307200, 7), link.Metadata.Modified);
    }

    [Fact]
    public void An_empty_file_has_its_digest_and_the_totals_count_all()
    {
        _folder.Do(": > empty; printf 123 > three; ln -s x link; mkdir d");
        Assert.Equal(Sha256Digest.OfNothing,
            ((FileEntry)Scan().Single(entry => entry.Path.ToString() == "empty")).Digest);
        using var tree = SourceTree.Open(_folder.Path);
        Assert.Equal(new TreeTotals(5, 2, 3), tree.Count().Totals);
    }

    [SkippableFact]
    public void Holes_take_no_room()
    {
        _folder.Do("head -c 100000 /dev/urandom > f; truncate -s 1G f");
        Skip.IfNot(int.Parse(_folder.Do("du -k f | cut -f1"), System.Globalization.CultureInfo.InvariantCulture) < 1024,
            "no sparse files here");
        using var tree = SourceTree.Open(_folder.Path);
        var size = tree.Count();
        Assert.Equal(1L << 30, size.Totals.Bytes);
        Assert.InRange(size.Room, 100_000, 1 << 20);
    }

    [Fact]
    public void Pipes_and_sockets_are_entries()
    {
        _folder.Do("mkfifo pipe");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        Assert.Equal([("pipe", SpecialKind.Fifo), ("socket", SpecialKind.Socket)],
            Scan().Skip(1).Cast<SpecialEntry>().Select(entry => (entry.Path.ToString(), entry.Kind)));
    }

    [SkippableFact]
    public void Devices_are_entries_with_their_numbers()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root makes devices");
        Skip.IfNot(_folder.Run("mknod null c 1 3 && mknod disk b 259 1048575").Exit == 0,
            "no devices may be made here");
        Assert.Equal([(SpecialKind.BlockDevice, 259, 1048575), (SpecialKind.CharacterDevice, 1u, 3u)],
            Scan().Skip(1).Cast<SpecialEntry>().Select(entry => (entry.Kind, entry.Major, entry.Minor)));
    }

    [Fact]
    public void The_second_name_of_a_file_is_a_link_to_the_first()
    {
        _folder.Do("echo x > b; mkdir d; ln b d/again; ln b a; ln -s nowhere l; ln -P l m");
        var entries = Scan();
        Assert.Equal(["FileEntry a", "HardLinkEntry b", "DirectoryEntry d", "HardLinkEntry d/again",
            "SymbolicLinkEntry l", "HardLinkEntry m"], entries.Skip(1)
                .Select(entry => $"{entry.GetType().Name} {entry.Path}"));
        Assert.Equal([1, 1, 5], entries.OfType<HardLinkEntry>().Select(link => link.First));
    }

    [SkippableFact]
    public void Extended_attributes_are_read()
    {
        Skip.IfNot(
            _folder.Run(
                "touch f && mkdir d && setfattr -n user.b -v blue f && setfattr -n user.a f && setfattr -n user.c -v c "
                + "d").Exit == 0, "no user attributes, or no setfattr, here");
        var attributes = Scan().OfType<FileEntry>().Single().Metadata.Attributes;
        Assert.StartsWith("user.a=,user.b=blue",
            string.Join(',',
                attributes.ToString().Split(',').Where(one => one.StartsWith("user.", StringComparison.Ordinal))),
                    StringComparison.Ordinal);
        Assert.Contains("user.c=c",
            Scan().OfType<DirectoryEntry>()
                .Single(entry => !entry.Path.IsRoot).Metadata.Attributes.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_directory_that_cannot_be_read_is_one_omitted_entry()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root reads everything");
        _folder.Do("mkdir -p closed/inner open; chmod 0000 closed; echo > open/file");
        Assert.Equal(new OmittedEntry(TreePath.FromBytes("closed"u8), Omission.Unreadable), Scan()[1]);
        Assert.Equal(4, Scan().Count);
    }

    [Fact]
    public void A_directory_that_is_swapped_for_a_link_after_its_listing_is_not_followed()
    {
        _folder.Do("mkdir source outside; mkdir source/a source/d; echo secret > outside/secret; echo > source/d/file");
        using var tree = SourceTree.Open(_folder["source"]);
        var entries = new List<Entry>();
        foreach (var entry in tree.Scan(_ => { }))
        {
            entries.Add(entry);
            if (entry.Path.ToString() == "a") _folder.Do("mv source/d moved; ln -s ../outside source/d");
        }
        Assert.Equal(new OmittedEntry(TreePath.FromBytes("d"u8), Omission.Changed), entries[^1]);
        Assert.DoesNotContain(entries, entry => entry.Path.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_that_is_moved_away_with_the_walk_deep_in_it_leads_nowhere_else()
    {
        // Deeper than directories are kept open, so the way back goes through "..", which now is another directory.
        Directory.CreateDirectory(_folder["source"]);
        PublishTests.MakeChain(_folder["source"], DirectoryStack.MaxOpen + 20, "d");
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(_folder["elsewhere/file"], "secret");
        using var tree = SourceTree.Open(_folder["source"]);
        var entries = new List<Entry>();
        foreach (var entry in tree.Scan(_ => { }))
        {
            entries.Add(entry);
            if (entry is DirectoryEntry && entry.Path.Bytes.Count((byte)'/') + 1 == DirectoryStack.MaxOpen + 20)
                _folder.Do("mv source/d0/d1/d2/d3 elsewhere/");
        }
        var order = new TreeOrder();
        Assert.All(entries, entry => Assert.True(order.TryNext(entry, out _)));
        Assert.Equal(
            [("d0/d1/d2/file", Omission.Vanished), ("d0/d1/file", Omission.Vanished), ("d0/file", Omission.Vanished),
                ("file", Omission.Vanished)],
            entries.OfType<OmittedEntry>().Select(entry => (entry.Path.ToString(), entry.Why)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("missing", "does not exist")]
    [InlineData("file", "not a directory")]
    [InlineData("dangling", "does not exist")]
    public void A_source_that_is_no_directory_is_refused(string name, string says)
    {
        _folder.Do("echo > file; ln -s nowhere dangling");
        var problem =
            Assert.Throws<SourceRefusedException>(() => SourceTree.Open(name.Length == 0 ? "" : _folder[name]));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_may_be_a_link_to_a_directory()
    {
        _folder.Do("mkdir real; echo > real/file; ln -s real link");
        using var tree = SourceTree.Open(_folder["link"]);
        Assert.Equal(_folder["real"], tree.RealPath);
        Assert.Equal(2, tree.Scan(_ => { }).Count());
    }

    [Fact]
    public void A_scan_stops_when_it_is_cancelled()
    {
        _folder.Do("touch 1 2 3");
        using var tree = SourceTree.Open(_folder.Path);
        using var cancellation = new CancellationTokenSource();
        using var entries = tree.Scan(null, cancellation.Token).GetEnumerator();
        Assert.True(entries.MoveNext());
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => entries.MoveNext());
    }
}
