using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>Everything that a tree can have arrives, judged by a tool that is not ours.</summary>
public sealed class FaithfulTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    private string Tree(bool asRoot)
    {
        Folder.HardTree("source");
        Folder.Do("""
            cd source
            echo linked > first; mkdir -p links/deep; ln first links/second; ln first links/deep/third; ln first zzz; ln -P dangling links/dangling-too
            mkfifo pipe; chmod 0620 pipe; touch -d '2002-02-02 02:02:02.222222222 UTC' pipe
            head -c 70000 /dev/urandom > holes; truncate -s 3M holes; head -c 5000 /dev/urandom >> holes; truncate -s 5M holes; truncate -s 1M only-hole
            mkdir locked; echo x > locked/x; chmod 0555 locked
            mkdir sticky; chmod 1777 sticky
            rm -r dddd* deep # the judge opens no such paths
            """);
        Skip.IfNot(
            Folder.Run(
                "touch source/attributes && setfattr -n user.colour -v 'blue, = %' source/attributes && setfattr -n "
                + "user.empty source/links").Exit == 0,
            "no user attributes, or no setfattr, here");
        Skip.IfNot(
            Folder.Run(
                "setfacl -m u:12345:rwx,g:54321:r source/attributes && setfacl -d -m u:777:rx source/sticky").Exit == 0,
                    "no access control lists, or no setfacl, here");
        if (!asRoot) return Folder["source"];
        Folder.Do("""
            cd source
            python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")' 2>/dev/null || perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, sockaddr_un("sock"))'
            mknod null c 1 3; mknod disk b 259 70000; mknod -m 0600 other c 4095 1048575
            chown 1234:4321 first; chown -h 99:98 dangling; chown 77:88 sticky
            echo s > setuid; chown 5:6 setuid; chmod 6755 setuid
            setfattr -n trusted.mark -v root holes; setfattr -h -n trusted.mark -v link dangling
            setfattr -n security.mark -v label only-hole; echo c > capable; chown 5:6 capable
            setfattr -n security.capability -v 0sAQAAAgAEAAAAAAAAAAAAAAAAAAA= capable # cap_net_bind_service; a change of owner takes it away
            touch -d '2005-05-05 05:05:05.555555555 UTC' links links/deep sticky locked .
            """);
        return Folder["source"];
    }

    [SkippableFact]
    public async Task As_root_everything_arrives()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root makes devices and gives files away");
        var source = Tree(asRoot: true);
        var copy = await _bdist.Run("copy", source, "a", "b", "--name", "all");
        Assert.Equal(0, await copy.Exit());
        foreach (var root in new[] { "a", "b" })
        {
            var replica = new Replica(Folder, Folder[root], "all");
            replica.IsRightFor(source);
            replica.IsEqualTo(source);
            replica.ChecksumsPass();
            Assert.Equal("security.capability=0x0100000200040000000000000000000000000000\nsecurity.mark=0x6c6162656c",
                Folder.Do(
                    $"cd {root}/all/latest/; getfattr --absolute-names -d -m security -e hex capable only-hole | grep "
                    + "^security").Trim());
        }
        Assert.Empty(copy.All("skipped"));
    }

    [SkippableFact]
    public async Task Without_root_the_rest_arrives_and_what_could_not_be_held_is_named()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "it takes root to make a tree that others can't copy");
        Skip.If(Folder.Run("setpriv --reuid=65534 --regid=65534 --clear-groups true").Exit != 0, "setpriv is not here");
        var source = Tree(asRoot: true);
        Folder.Do(
            $"cp -r '{Bdist.Program}' program; chmod -R a+rX program; mkdir mine; chown 65534:65534 mine . ; chmod "
            + "a+rX source; chmod 0644 source/mode; chmod 0755 source/disk; chmod -R a+rX source");
        var copy = _bdist.StartAs(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            Folder["program/bdist"]], "copy", source, "mine", "--name", "some");
        Assert.Equal(4, await copy.Exit());
        var end = await copy.Next("run-finished");
        var only = Assert.Single(end.GetProperty("destinations").EnumerateArray());
        Assert.Equal("without special files, owners, modes, extended attributes",
            only.GetProperty("reason").GetString());
        // As the other user sees its own: nothing but devices is missing.
        var missing = Folder.Run("diff -rq --no-dereference source mine/some/latest/ | grep '^Only in' | sort").Output;
        Assert.Equal("Only in source: disk\nOnly in source: null\nOnly in source: other\n", missing);
        new Replica(Folder, Folder["mine"], "some").ChecksumsPass();
    }

    [Fact]
    public async Task A_log_that_grows_all_the_time_is_kept_as_long_as_it_was_and_named()
    {
        Folder.Do("mkdir source; head -c 30000000 /dev/urandom > source/log");
        using var writer = new GrowingFile(Folder["source/log"]);
        var copy = await _bdist.Run("copy", Folder["source"], "a", "--name", "logs");
        Assert.Equal(0, await copy.Exit());
        Assert.Contains(copy.All("warning"),
            one => one.GetProperty("message").GetString()!
                .StartsWith("log grew while it was read", StringComparison.Ordinal));
        new Replica(Folder, Folder["a"], "logs").ChecksumsPass();
        var kept = Folder.Do("stat -c %s a/logs/latest/log").Trim();
        Folder.Do($"cmp -n {kept} source/log a/logs/latest/log");
    }

    public void Dispose() => _bdist.Dispose();

    private sealed class GrowingFile : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _writing;

        public GrowingFile(string path) => _writing = Task.Run(() =>
        {
            using var file =
                new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            while (!_end.IsCancellationRequested) file.Write("one more line of a log\n"u8);
        });

        public void Dispose()
        {
            _end.Cancel();
            _writing.Wait();
        }
    }
}
