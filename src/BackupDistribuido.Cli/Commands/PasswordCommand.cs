using System.CommandLine;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Web.Access;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist password</c>: makes what stands in a file for the password of a node's pages.</summary>
internal static class PasswordCommand
{
    public static Command Build(CommandHost host)
    {
        var command = new Command("password", "Read a password from standard input and print what to set for a node's pages.");
        command.SetAction(async (_, stop) =>
        {
            if (!Console.IsInputRedirected) await host.Environment.Error.WriteAsync("Password (it is shown): ");
            var password = await host.Environment.In.ReadLineAsync(stop) ?? "";
            try
            {
                await host.Environment.Out.WriteLineAsync($"{Settings.UiPassword.Key} = \"{PasswordHash.Of(password)}\"");
            }
            catch (FormatException e)
            {
                throw CommandFailure.Usage($"password: {e.Message}; write it as one line");
            }
            return 0;
        });
        return command;
    }
}
