using System.Net;
using System.Net.Sockets;
using System.Text;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Usage;

/// <summary>What bad input gets: one clear line, the contract's exit code, no stack trace, nothing created.</summary>
public sealed class BadInputTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    [Fact]
    public async Task Without_a_folder_for_temporary_files_it_ends_and_says_so()
    {
        Folder.SmallTree();
        var copy = _bdist.StartAs(["env", "TMPDIR=/nowhere", Path.Combine(Bdist.Program, "bdist")], "copy",
            Folder["source"], Folder["a"]);

        Assert.Equal(2, await copy.Exit());
        Assert.Contains("/nowhere/: No such file or directory", copy.Error, StringComparison.Ordinal);
        Assert.Contains("TMPDIR", copy.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copy missing a", "missing")]
    [InlineData("copy file a", "not a directory")]
    [InlineData("copy source file", "file")]
    [InlineData("copy source no/parent", "no")]
    [InlineData("copy source foreign", "foreign")]
    [InlineData("copy source source/inside", "source")]
    [InlineData("copy source a a", "twice")]
    [InlineData("copy source a --copies 0", "--copies")]
    [InlineData("copy source a --copies 2", "--copies")]
    [InlineData("copy source a --copies two", "--copies")]
    [InlineData("copy source a --name ..", "--name")]
    [InlineData("copy source a --nmae x", "--name")]
    [InlineData("copy source", "DEST")]
    [InlineData("copy source a --keep 0", "--keep")]
    [InlineData("copy source a --output xml", "--output")]
    [InlineData("copy source a --log-level loud", "--log-level")]
    [InlineData("copy source /on-no-mount --require-mount", "/on-no-mount")]
    [InlineData("origin missing", "missing")]
    [InlineData("origin source --copies 0", "--copies")]
    [InlineData("origin source --copies 1 --start-with 2", "--start-with")]
    [InlineData("origin source --wait soon", "--wait")]
    [InlineData("origin source --coordinator host:99999", "--coordinator")]
    [InlineData("origin source --key missing.key", "missing.key")]
    [InlineData("origin source --key file", "file")]
    [InlineData("destination", "--root")]
    [InlineData("destination --root foreign", "foreign")]
    [InlineData("destination --root file", "file")]
    [InlineData("destination --root no/parent", "no")]
    [InlineData("destination --root a --advertise 127.0.0.1:0", "--advertise")]
    [InlineData("coordinator --listen nowhere:port", "--listen")]
    [InlineData("coordinatr", "coordinator")]
    [InlineData("key source", "source")]
    [InlineData("key no/parent", "no")]
    public async Task Wrong_use_is_one_line_and_2(string line, string says)
    {
        Folder.SmallTree();
        Folder.Do("echo x > file; mkdir foreign; echo mine > foreign/mine");
        var before = Everything();
        var words = line.Split(' ');
        var node = words[0] is "copy" or "origin" or "destination" or "coordinator"
            ? await _bdist.Run(words)
            : _bdist.StartBare([Path.Combine(Bdist.Program, "bdist")], words);
        Assert.Equal(2, await node.Exit());
        IsOneClearLine(node, says);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_coordinator_that_was_copied_without_its_database_library_says_so()
    {
        Folder.Do($"cp -r '{Bdist.Program}' program; find program -name 'libe_sqlite3.so' -delete");
        var node = _bdist.StartAs([Folder["program/bdist"]], "coordinator", "--listen", "127.0.0.1:0");
        Assert.Equal(2, await node.Exit());
        IsOneClearLine(node, "libe_sqlite3.so");
    }

    [SkippableFact]
    public async Task A_folder_that_may_not_be_written_is_named()
    {
        Skip.If(Environment.IsPrivilegedProcess
            && Folder.Run("setpriv --reuid=65534 --regid=65534 --clear-groups true").Exit != 0,
            "root may write everywhere, and setpriv is not here");
        Folder.SmallTree();
        Folder.Do(
            $"mkdir locked logs; chmod 0777 logs; chmod 0555 locked; cp -r '{Bdist.Program}' program; chmod -R a+rX "
            + ". ");
        string[] program = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Folder["program/bdist"]]
            : [Folder["program/bdist"]];
        var node = _bdist.StartAs(program, "copy", "source", "locked");
        Assert.Equal(2, await node.Exit());
        IsOneClearLine(node, "locked");
        Assert.Empty(Directory.GetFileSystemEntries(Folder["locked"]));
        Folder.Do("chmod 0 source");
        var blind = _bdist.StartAs(program, "copy", "source", "locked/a");
        Assert.Equal(2, await blind.Exit());
        IsOneClearLine(blind, "source");
    }

    [Theory]
    [InlineData("backup {\n  origin {\n    copies = 2\n", "bad.conf")]
    [InlineData("backup.origin {\n copies = 1\n copeis = 2\n}", "bad.conf:3")]
    [InlineData("backup.origin.copies = many", "bad.conf:1")]
    [InlineData("\nbackup.origin.wait = 17", "bad.conf:2")]
    [InlineData("backup.output.files = perhaps", "bad.conf:1")]
    public async Task A_broken_configuration_is_named_with_its_line(string text, string says)
    {
        Folder.SmallTree();
        Folder.Write("bad.conf", text);
        var before = Everything();
        var node = await _bdist.Run("origin", "source", "--config", "bad.conf");
        Assert.Equal(2, await node.Exit());
        IsOneClearLine(node, says);
        Assert.Equal(before, Everything());
    }

    [Theory]
    [InlineData("coordinator", "--listen", "{taken}")]
    [InlineData("destination", "--root", "a", "--coordinator", "127.0.0.1:1", "--listen", "{taken}")]
    public async Task A_port_in_use_is_named(params string[] arguments)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var node = await _bdist.Run([.. arguments.Select(word =>
            word.Replace("{taken}", taken.LocalEndpoint.ToString(), StringComparison.Ordinal))]);
        Assert.Equal(2, await node.Exit());
        IsOneClearLine(node, taken.LocalEndpoint.ToString()!);
        Assert.False(Directory.Exists(Folder["a"]), "the root was created all the same");
    }

    [Fact]
    public Task Something_that_is_no_coordinator_is_named() =>
        IsNamed("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");

    [Theory]
    [Trait("Length", "long")]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public Task So_is_whatever_it_answers(string answer) => IsNamed(answer);

    private async Task IsNamed(string answer)
    {
        Folder.SmallTree();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = other.LocalEndpoint.ToString()!;
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var client = await other.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
        });
        var origin = _bdist.Start("origin", "source", "--coordinator", address, "--wait", "12s");
        var said = await origin.Next("disconnected");
        Assert.NotEmpty(said.GetProperty("reason").GetString()!);
        Assert.Equal(3, await origin.Exit());
        Assert.Contains(address, origin.Error);
        Assert.DoesNotContain("   at ", origin.Error);
        var status = await _bdist.Run("status", "--coordinator", address);
        Assert.Equal(3, await status.Exit());
        Assert.Contains(address, status.Error);
        Assert.DoesNotContain("   at ", status.Error);
    }

    [Fact]
    public async Task Status_of_nobody_is_one_line_and_3()
    {
        var status = await _bdist.Run("status", "--coordinator", "127.0.0.1:1");
        Assert.Equal(3, await status.Exit());
        IsOneClearLine(status, "127.0.0.1:1");
    }

    [Fact]
    public async Task Without_arguments_it_shows_examples_and_with_version_its_version()
    {
        var bare = _bdist.StartBare([Path.Combine(Bdist.Program, "bdist")]);
        Assert.Equal(0, await bare.Exit());
        Assert.Contains("bdist copy", bare.Output);
        var version = _bdist.StartBare([Path.Combine(Bdist.Program, "bdist")], "--version");
        Assert.Equal(0, await version.Exit());
        Assert.Matches(@"^bdist \d+\.\d+\.\d+\n$", version.Output);
    }

    public void Dispose() => _bdist.Dispose();

    private string Everything() =>
        Folder.Do("find . -mindepth 1 -path ./logs -prune -o -printf '%p %y %m %T@\\n' | sort");

    private static void IsOneClearLine(BdistProcess node, string says)
    {
        var lines = node.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("The log is in ", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count == 1, node.ToString());
        Assert.StartsWith("bdist", lines[0]);
        Assert.Contains(says, lines[0]);
        Assert.DoesNotContain("Exception", lines[0]);
    }
}
