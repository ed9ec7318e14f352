using BackupDistribuido.Cli;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Cli.Nodes;

return await BdistCommand.Run(args, new CommandHost(CommandEnvironment.OfProcess(), new ClusterNodes()));
