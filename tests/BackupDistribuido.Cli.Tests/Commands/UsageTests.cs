using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("copy {source} /a /b --copies 3",
        "--copies 3 is more than the 2 DEST given; give more folders, or at most --copies 2")]
    [InlineData("copy {source} /a --copies 0",
        "--copies: '0' is not a whole number from 1 to 1000; for example: --copies 2")]
    [InlineData("copy {source} /a /a/", "DEST /a is given twice; each copy needs its own folder")]
    [InlineData("copy {source}",
        "DEST is missing: give at least one folder for the copies, or set backup.copy.destinations in a file for "
        + "--config; for example: bdist copy ~/photos /mnt/a /mnt/b")]
    [InlineData("copy", "SOURCE is missing: give SOURCE or set backup.copy.source in a file for --config")]
    [InlineData("copy /no/such /a",
        "SOURCE /no/such does not exist, or may not be entered; give a directory that this user can read")]
    [InlineData("copy /dev/null /a", "SOURCE /dev/null is not a directory; give the directory that holds it")]
    [InlineData("origin {source} --start-with 3 --copies 2",
        "--start-with 3 is more than --copies 2; give at most 2, or more copies")]
    [InlineData("origin {source} --wait 3x",
        "--wait: '3x' is not a duration (a whole number and s, m or h); for example: --wait 10m")]
    [InlineData("origin {source} --wait 500h", "--wait: '500h' is longer than 480h; for example: --wait 10m")]
    [InlineData("origin {source} --name .hidden",
        "--name: the name '.hidden' begins with a dot; for example: --name office-nas")]
    [InlineData("origin {source} --coordinator host:x",
        "--coordinator: 'host:x' has no port from 0 to 65535; write HOST:PORT; for example: --coordinator "
        + "192.168.1.10:4053")]
    [InlineData("origin {source} --copes 3",
        "'--copes' is no option of bdist origin; did you mean --copies? see bdist origin --help")]
    [InlineData("origin --copes",
        "'--copes' is no option of bdist origin; did you mean --copies? see bdist origin --help")]
    [InlineData("origin {source} more", "'more' is no argument of bdist origin; see bdist origin --help")]
    [InlineData("origin {source} --copies",
        "Required argument missing for option: '--copies'; see bdist origin --help")]
    [InlineData("orgin", "'orgin' is no command of bdist; did you mean origin? see bdist --help")]
    [InlineData("--verison", "'--verison' is no option of bdist; did you mean --version? see bdist --help")]
    [InlineData("destination",
        "--root is missing: give --root DIR or set backup.destination.root in a file for --config")]
    [InlineData("destination --root /r --advertise localhost:0",
        "--advertise localhost:0: others can't dial port 0; give the port that reaches this destination")]
    [InlineData("coordinator --config /no/such.conf", "--config /no/such.conf: there is no such file")]
    [InlineData("coordinator --config /tmp", "--config /tmp: it is a folder")]
    [InlineData("coordinator --key /no/such",
        "--key /no/such: there is no such file; make one with 'bdist key /no/such', or copy the cluster's key there")]
    [InlineData("coordinator --key /dev/null --insecure",
        "both a key (/dev/null) and insecure are set; give one of --key FILE and --insecure")]
    public async Task Wrong_usage_is_one_clear_line_and_exit_2(string line, string message)
    {
        using var run = new BdistRun();
        Assert.Equal(2, await run.Run(line.Split(' ')));
        Assert.Equal($"bdist: {message}\n", run.Error);
        Assert.Equal("", run.Out);
        Assert.Null(run.Nodes.Started);
        Assert.False(Directory.Exists(run.LogFolder));
    }

    [Theory]
    [InlineData("coordinator --listen 0.0.0.0", "0.0.0.0:4053")]
    [InlineData("coordinator --listen nas.lan:99", "nas.lan:99")]
    [InlineData("destination --root /r --coordinator 10.0.0.1", "10.0.0.1:4053")]
    [InlineData("destination --root /r --listen 10.0.0.1:4054", "10.0.0.1:4054")]
    [InlineData("destination --root /r --advertise 10.0.0.1:4054", "10.0.0.1:4054")]
    [InlineData("origin {source} --coordinator [2001:db8::1]:1", "[2001:db8::1]:1")]
    [InlineData("status --coordinator 10.0.0.1", "10.0.0.1:4053")]
    public async Task Beyond_loopback_a_key_or_permission_is_needed(string line, string address)
    {
        using var run = new BdistRun();
        Assert.Equal(2, await run.Run(line.Split(' ')));
        Assert.Equal(
            $"bdist: {address} is not loopback, and without a key anyone who reaches it could take part; give --key "
            + "FILE "
            + "(made by 'bdist key FILE', the same on every node), or --insecure to stay open\n", run.Error);
        Assert.Null(run.Nodes.Started);

        Assert.Equal(0, await run.Run([.. line.Split(' '), "--insecure"]));
        Assert.IsType<NodeSecurity.Insecure>(run.Nodes.Context!.Security);
        Assert.Contains("warning: insecure: connections are not encrypted", run.Out, StringComparison.Ordinal);

        var key = run.File("cluster.key", "k");
        Assert.Equal(0, await run.Run([.. line.Split(' '), "--key", key]));
        Assert.Equal(new NodeSecurity.KeyFile(key), run.Nodes.Context!.Security);
    }

    [Fact]
    public async Task A_flag_overrides_the_files_choice_of_security()
    {
        using var run = new BdistRun();
        var key = run.File("cluster.key", "k");
        var file = run.File("c.conf", "backup.security.key = \"{folder}/cluster.key\"");
        Assert.Equal(0, await run.Run("coordinator", "--config", file));
        Assert.Equal(new NodeSecurity.KeyFile(key), run.Nodes.Context!.Security);
        Assert.Equal(0, await run.Run("coordinator", "--config", file, "--insecure"));
        Assert.IsType<NodeSecurity.Insecure>(run.Nodes.Context!.Security);
    }

    [Theory]
    [InlineData("coordinator --listen localhost")]
    [InlineData("coordinator --listen 127.8.8.8:1")]
    [InlineData("coordinator --listen [::1]:1")]
    public async Task Loopback_needs_nothing(string line)
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run(line.Split(' ')));
        Assert.IsType<NodeSecurity.LoopbackOnly>(run.Nodes.Context!.Security);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Bare_bdist_prints_three_examples()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run());
        Assert.Contains("bdist copy ~/photos", run.Out, StringComparison.Ordinal);
        Assert.Contains("bdist origin ~/photos --copies 2", run.Out, StringComparison.Ordinal);
        Assert.Contains("bdist status", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("copy --help")]
    public async Task Help_is_help(string line)
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run(line.Split(' ')));
        Assert.Contains("Usage:", run.Out, StringComparison.Ordinal);
        Assert.Null(run.Nodes.Started);
    }

    [Fact]
    public async Task Version_is_a_line()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("--version"));
        Assert.Matches(@"^bdist \d+\.\d+\.\d+\n$", run.Out);
    }

    [Theory]
    [InlineData("@photos")]
    [InlineData("-x")]
    public async Task Odd_folder_names_are_folder_names(string name)
    {
        using var run = new BdistRun();
        var source = Directory.CreateDirectory(Path.Combine(run.Folder, name)).FullName;
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, source);
        Assert.Equal(0, await run.Run("copy", "--", relative, "-dest"));
        Assert.Equal(source, ((CopySettings)run.Nodes.Started!).Tree.Source);
    }

    [Fact]
    public async Task A_key_is_made_where_it_is_wanted()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("key", "/k"));
        Assert.Equal("/k", run.Nodes.Started);
        Assert.StartsWith("Made /k.", run.Error, StringComparison.Ordinal);
    }
}
