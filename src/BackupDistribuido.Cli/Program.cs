using BackupDistribuido.Cli;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Hosting.Nodes;

if ((ProcessStart.Prepare() ?? RawProcess.WhyNot(args)) is { } problem)
{
    Console.Error.WriteLine($"bdist: {problem}");
    return (int)ExitCode.Usage;
}
return await BdistCommand.Run(args, new CommandHost(CommandEnvironment.OfProcess(), new ClusterNodes()));
