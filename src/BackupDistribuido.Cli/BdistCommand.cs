using System.CommandLine;
using System.CommandLine.Parsing;
using BackupDistribuido.Cli.Commands;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli;

/// <summary>The command line as a whole: <c>bdist COMMAND …</c>.</summary>
internal static class BdistCommand
{
    private const string Examples = """
        bdist copies a directory tree to several places and says PROTECTED when every copy is safely on disk.

          On one machine:          bdist copy ~/photos /mnt/disk1/backup /mnt/disk2/backup
          On several, one each:    bdist coordinator                      (the others: --coordinator HOST)
                                   bdist destination --root /mnt/disk1/backup
                                   bdist origin ~/photos --copies 2
          Who is connected:        bdist status

        bdist --help names every command, bdist COMMAND --help its options.

        """;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>Runs a command line and returns its exit code; every failure is one clear line on standard
    /// error.</summary>
    public static async Task<int> Run(string[] line, CommandHost host)
    {
        var code = await Answer(line, host);
        try
        {
            if (!host.IsOutputStalled) await host.Environment.Out.FlushAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The output of a node is a side effect; the output of a question is its purpose.
            await host.Environment.Error.WriteLineAsync($"bdist: standard output: {e.Message}");
            if (code == (int)ExitCode.Success) code = (int)ExitCode.Unexpected;
        }
        (host.Environment.Error as StandardError)?.Drain(LastWords);
        return code;
    }

    private static async Task<int> Answer(string[] line, CommandHost host)
    {
        if (line is ["--version"])
        {
            await host.Environment.Out.WriteLineAsync(
                $"bdist {typeof(BdistCommand).Assembly.GetName().Version!.ToString(3)}");
            return (int)ExitCode.Success;
        }
        try
        {
            // No response files and no bundling: a SOURCE may be called @photos.
            var parsed = Build(host)
                .Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
            if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
                throw CommandFailure.Usage(Explain(parsed, MistakenOption(parsed, line)));
            if (MistakenOption(parsed, line) is { } mistaken) throw CommandFailure.Usage(Explain(parsed, mistaken));
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = host.Environment.Out,
                Error = host.Environment.Error,
            });
        }
        catch (CommandFailure failure)
        {
            await host.Environment.Error.WriteLineAsync($"bdist: {failure.Message}");
            return (int)failure.Code;
        }
    }

    private static RootCommand Build(CommandHost host)
    {
        var root =
            new RootCommand(
                "Back up a directory tree to several destinations; a copy counts once it is verified and durable.")
        {
            CopyCommand.Build(host), CoordinatorCommand.Build(host), DestinationCommand.Build(host),
            OriginCommand.Build(host), StatusCommand.Build(host), RunsCommand.Build(host), SnapshotsCommand.Build(host),
                WaitCommand.Build(host), KeyCommand.Build(host), PasswordCommand.Build(host),
            CompletionCommand.Build(host),
        };
        root.SetAction(_ => host.Environment.Out.Write(Examples));
        return root;
    }

    // The parser takes an option that it doesn't know for an argument. After "--" everything is one.
    private static string? MistakenOption(ParseResult parsed, string[] line) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Select(token => token.Value)
        .FirstOrDefault(text => text is ['-', _, ..] && line.TakeWhile(word => word != "--").Contains(text));

    private static string Explain(ParseResult parsed, string? mistaken)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "bdist" : $"bdist {command.Name}";
        var known = command.Options.Select(option => option.Name).Concat(command.Subcommands.Select(sub => sub.Name));
        var problem = (mistaken ?? parsed.UnmatchedTokens.FirstOrDefault()) is { } unknown
            ? $"'{unknown}' is no "
                + $"{(unknown.StartsWith('-') ? "option" : command is RootCommand ? "command" : "argument")} of {name}"
                + (Spelling.Nearest(unknown, known) is { } meant ? $"; did you mean {meant}?" : "")
            : parsed.Errors[0].Message.TrimEnd('.');
        return $"{problem}{(problem.EndsWith('?') ? " " : "; ")}see {name} --help";
    }
}
