using BackupDistribuido.Cli;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Cli.Nodes;
using BackupDistribuido.Core.Events;

if ((ProcessStart.Prepare() ?? RawProcess.WhyNot(args)) is { } problem)
{
    Console.Error.WriteLine($"bdist: {problem}");
    return (int)ExitCode.Usage;
}
return await BdistCommand.Run(args, new CommandHost(CommandEnvironment.OfProcess(), new ClusterNodes()));
