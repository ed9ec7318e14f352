using System.Diagnostics;

namespace BackupDistribuido.Cli.Tests.Commands;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bdist sn", "snapshots")]
    [InlineData("bdist wait --o", "--origin --output")]
    public void Bash_completes_commands_and_options(string line, string completed)
    {
        var script = $$"""
            set -e
            PATH={{AppContext.BaseDirectory}}:$PATH
            source <(bdist completion bash)
            complete -p bdist > /dev/null
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            COMP_WORDS=({{line}})
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _bdist
            echo "${COMPREPLY[@]}"
            """;
        using var bash =
            Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true })!;

        Assert.Equal(completed + "\n", bash.StandardOutput.ReadToEnd());
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
    }
}
