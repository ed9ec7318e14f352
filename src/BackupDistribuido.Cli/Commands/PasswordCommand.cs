using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Hosting;
using BackupDistribuido.Web.Access;
using Spectre.Console;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist password</c>: prints the setting with the hash of a password for a node's pages.</summary>
internal static class PasswordCommand
{
    public static Command Build(CommandHost host)
    {
        var command = new Command("password", "Read a password and print the setting that protects a node's pages.");
        command.SetAction(async (_, stop) =>
        {
            var password = await Ask(host.Environment, stop);
            try
            {
                await host.Environment.Out.WriteLineAsync(
                    $"{Settings.UiPassword.Key} = \"{PasswordHash.Of(password)}\"");
            }
            catch (FormatException e)
            {
                throw CommandFailure.Usage($"password: {e.Message}; write it as one line");
            }
            return 0;
        });
        return command;
    }

    private static async Task<string> Ask(CommandEnvironment environment, CancellationToken stop)
    {
        if (!Console.IsInputRedirected && environment.LiveConsole is { } terminal)
            return await terminal()
                .PromptAsync(new TextPrompt<string>("Password:").Secret(mask: null).AllowEmpty(), stop);
        // Where standard output goes into a file, say.
        if (!Console.IsInputRedirected) await environment.Error.WriteAsync("Password (it is shown): ");
        return await environment.In.ReadLineAsync(stop) ?? "";
    }
}
