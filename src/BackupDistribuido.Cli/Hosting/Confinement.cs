using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Logging;

namespace BackupDistribuido.Cli.Hosting;

/// <summary>
/// Confines a destination's process to its ROOT and its log folder, before anything of it is started. What it may write
/// to is given by folders that exist, so a ROOT that is missing is made first, as the destination itself would make it:
/// where it would be refused nothing is created.
/// </summary>
internal static class Confinement
{
    /// <summary>Does it, where it is wanted and possible: then the program starts over, and this returns at the second
    /// time. Gives the line that the log shall have.</summary>
    /// <exception cref="CommandFailure">The destination would be refused, or confinement is required and there is
    /// none.</exception>
    public static async Task<string> Ensure(CommandHost host, NodeLaunch launch, DestinationSettings settings)
    {
        var (use, by) = (launch.Configuration.Get(Settings.Landlock), host.Environment.Confinement);
        if (use == LandlockUse.Off) return "landlock: off, as it is configured";
        if (by?.WhyMissing is { } why) return Without(use, why);
        if (by is null) return "landlock: off: several nodes may share this process";
        var security = SecurityRule.Of(launch.Configuration, launch.Addresses);
        var logs = NodeLogs.Folder(launch.Configuration, host.Environment.LogFolder).Path;
        List<string> folders = logs is null ? [settings.Root] : [settings.Root, logs];
        if (by.IsOn) return $"landlock: on: this process can write below {string.Join(" and ", folders)} only";
        if (!Directory.Exists(settings.Root)) await host.Nodes.MakeRoot(settings, security);
        try
        {
            by.Enter(folders);
        }
        catch (IOException problem)
        {
            return Without(use, problem.Message);
        }
        throw new InvalidOperationException("The program did not start over.");
    }

    private static string Without(LandlockUse use, string why) => use == LandlockUse.Required
        ? throw CommandFailure.Usage($"{Settings.Landlock.Key} is required, but {why}; choose auto to go without")
        : $"landlock: off: {why}";
}
