using System.CommandLine;
using BackupDistribuido.Cli.Running;

namespace BackupDistribuido.Cli.Commands;

/// <summary><c>bdist key</c>: makes a cluster's key.</summary>
internal static class KeyCommand
{
    public static Command Build(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "the file to create; it must not exist" };
        var command =
            new Command("key", "Create a cluster's key file: copy it to every node and pass it with --key.") { file };
        command.SetAction((parsed, _) =>
        {
            var path = parsed.GetValue(file)!;
            host.Nodes.MakeKey(path);
            host.Environment.Error.WriteLine(
                $"Made {path}. Copy it to every node of the cluster, keep it secret, and start them with --key {path}");
            return Task.FromResult(0);
        });
        return command;
    }
}
