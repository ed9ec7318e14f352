using System.CommandLine;
using BackupDistribuido.Cli.Running;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist completion bash|zsh</c>: the script that makes a shell complete commands and options. It asks
/// <c>bdist</c> itself, so that it is always right.</summary>
internal static class CompletionCommand
{
    // The parser's own directive: the line up to the cursor gives one word a line. What follows "--" is the line
    // itself.
    private const string Bash = """
        _bdist() {
            local IFS=$'\n' words
            words=$(bdist "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _bdist bdist

        """;

    private const string Zsh = """
        #compdef bdist
        _bdist() {
            local -a words
            words=("${(@f)$(bdist "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- $words || _files
        }
        compdef _bdist bdist

        """;

    public static Command Build(CommandHost host)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion",
            "Print a script that completes commands and options: source <(bdist completion bash)") { shell };
        command.SetAction((parsed, _) =>
        {
            host.Environment.Out.Write(parsed.GetValue(shell) == "zsh" ? Zsh : Bash);
            return Task.FromResult(0);
        });
        return command;
    }
}
