using System.Text.RegularExpressions;
using BackupDistribuido.EndToEnd.Tests.Processes;

namespace BackupDistribuido.EndToEnd.Tests.Usage;

/// <summary>The live view on a real terminal, which <c>script</c> gives it, and what a pipe gets instead.</summary>
[Trait("Length", "long")]
public sealed partial class TerminalTests(ITestOutputHelper log) : IDisposable
{
    private const string HideCursor = "\e[?25l", ShowCursor = "\e[?25h";

    private readonly Bdist _bdist = new(log);

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes { get; }

    [GeneratedRegex(@"\e\[(\d+;)*(3[0-8]|9[0-7])[;m]")]
    private static partial Regex Colours { get; }

    [GeneratedRegex(@"control on (127\.0\.0\.1:\d+)")]
    private static partial Regex Listening { get; }

    private string Shown => File.Exists(_bdist.Folder["shown"]) ? File.ReadAllText(_bdist.Folder["shown"]) : "";

    /// <summary>A coordinator on a terminal of that size, and where it listens.</summary>
    private async Task<(BdistProcess Node, string Address)> OnTerminal(string environment, int columns, int rows)
    {
        var command =
            $"tty > tty; echo $$ > pid; stty cols {columns} rows {rows}; {environment} TERM=xterm-256color exec "
            + $"'{Bdist.Program}/bdist' coordinator --listen 127.0.0.1:0 --config node.conf";
        var node = _bdist.StartBare(["sh", "-c",
            "exec script --quiet --flush --return --command \"$0\" shown > /dev/null"], command);
        await Until(() => Listening.IsMatch(Shown));
        return (node, Listening.Match(Shown).Groups[1].Value);
    }

    private BdistProcess Destination(string coordinator) =>
        _bdist.Start("destination", "--root", _bdist.Folder["disk"], "--name", "a-destination-with-a-long-name",
            "--coordinator", coordinator, "--listen", "127.0.0.1:0");

    [Fact]
    public async Task It_keeps_to_a_terminal_that_is_resized_and_leaves_it_as_it_was()
    {
        var (node, address) = await OnTerminal("", 100, 24);
        var destination = Destination(address);
        await destination.Next("connected");
        await Until(() =>
            Shown.Contains("joined: destination a-destination-with-a-long-name; 1 destination connected",
                StringComparison.Ordinal));
        Assert.Matches(Colours, Shown);

        _bdist.Folder.Do("stty -F $(cat tty) cols 40 rows 10");
        // A frame that was begun before may still come.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var before = Shown.Length;
        await Cluster.Stop(destination);
        await Until(() => Shown[before..].Contains("0 destinations connected", StringComparison.Ordinal));
        Assert.All(Escapes.Replace(Shown[before..], "").Split('\n', '\r'), line => Assert.InRange(line.Length, 0, 40));

        _bdist.Folder.Do("kill -TERM $(cat pid)");
        Assert.Equal(0, await node.Exit());
        Assert.Contains(HideCursor, Shown, StringComparison.Ordinal);
        Assert.True(Shown.LastIndexOf(ShowCursor, StringComparison.Ordinal) > Shown.LastIndexOf(HideCursor,
            StringComparison.Ordinal), "the cursor stays hidden");
    }

    [Fact]
    public async Task With_NO_COLOR_it_has_none()
    {
        var (_, address) = await OnTerminal("NO_COLOR=1", 80, 24);
        await Destination(address).Next("connected");

        await Until(() => Shown.Contains("1 destination connected", StringComparison.Ordinal));

        Assert.DoesNotMatch(Colours, Shown);
        Assert.Contains(HideCursor, Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_gets_plain_lines()
    {
        var node = _bdist.Start("coordinator", "--listen", "127.0.0.1:0", "--output", "auto");
        await Until(() => node.Output.Contains("listening: control on", StringComparison.Ordinal));
        await Destination(Listening.Match(node.Output).Groups[1].Value).Next("connected");

        await Until(() =>
            node.Output.Contains(" joined: destination a-destination-with-a-long-name; 1 destination connected\n",
                StringComparison.Ordinal));

        Assert.DoesNotContain('\e', node.Output);
        Assert.All(node.Output.TrimEnd().Split('\n'),
            line => Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} ", line));
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(50, patience.Token);
    }

    public void Dispose() => _bdist.Dispose();
}
