using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Usage;

/// <summary>What a process inherits from whoever started it: streams that are closed, full or never read, limits, a
/// mask. A run comes to what it would come to otherwise.</summary>
public sealed class StandardStreamsTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    private (int Exit, string Output) Shell(string script) =>
        Folder.Run($$"""
            echo "backup { log.folder = \"$PWD/log\", copy.record-folder = \"$PWD/record\" }" > node.conf
            copy() { timeout -k 1 40 '{{Bdist.Program}}/bdist' copy --config node.conf "$@"; }
            {{script}}
            """);

    [Fact]
    public void Closed_streams_and_an_odd_mask_change_nothing()
    {
        Folder.SmallTree();
        var (exit, output) = Shell("umask 777; copy source a --name t <&- >&- 2>&-");
        Assert.Equal((0, ""), (exit, output));
        Folder.Do("diff -r source a/t/latest/");
    }

    [Fact]
    public void A_pipe_that_nobody_reads_stops_nothing()
    {
        Folder.Do("mkdir source; cd source; seq 6000 | xargs touch");
        // Both ends are open here, so that it stays full and never breaks.
        var (exit, output) = Shell("""
            mkfifo pipe errors; exec 7<>pipe 8<>errors
            copy source a --name t --files --output json --log-level debug > pipe 2> errors 7>&- 8>&-
            """);
        Assert.Equal((0, ""), (exit, output));
        Assert.Equal("6000", Folder.Do("ls a/t/latest/ | wc -l").Trim());
    }

    [Fact]
    public void Full_disks_below_output_and_log_change_no_exit_code()
    {
        Folder.SmallTree();
        var (exit, output) = Shell("mkdir log; ln -s /dev/full log/copy-t.log; copy source a --name t > /dev/full");
        Assert.Equal(0, exit);
        Assert.Single(output.Split('\n'), line => line.Contains("the log can't be written", StringComparison.Ordinal));
        // A question is asked for its answer.
        Assert.Equal(1, Shell($"'{Bdist.Program}/bdist' completion bash > /dev/full").Exit);
        Assert.Equal(0, Shell($"set -o pipefail; '{Bdist.Program}/bdist' completion bash | true").Exit);
    }

    [Fact]
    public void Too_few_open_files_are_a_clear_error()
    {
        Folder.SmallTree();
        var (exit, output) = Shell("ulimit -n 60; copy source a");
        Assert.Equal(2, exit);
        Assert.Equal(
            "bdist: this process may have 60 files open, and needs 256: raise the limit (ulimit -n 1024; under systemd "
            + "LimitNOFILE=1024)\n", output);
    }

    public void Dispose() => _bdist.Dispose();
}
