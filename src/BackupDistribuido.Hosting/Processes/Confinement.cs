using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Hosting.Logging;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Hosting.Processes;

/// <summary>
/// Confines a destination's process to its ROOT and its log folder, before any part of it is started. Rules need
/// existing folders, so a missing ROOT is created first, as the destination itself would create it; if the destination
/// would refuse it, nothing is created.
/// </summary>
public static class Confinement
{
    /// <summary>Does it, where it is wanted and possible: then the program starts over, and this returns at the second
    /// time. Gives the line that the log shall have.</summary>
    /// <exception cref="CommandFailure">The destination would be refused, or confinement is required and there is
    /// none.</exception>
    /// <param name="use">Whether it is wanted.</param>
    /// <param name="by">Confines the process; null: nothing does, because the process is not the destination's
    /// alone.</param>
    /// <param name="log">The logs that go on being written.</param>
    /// <param name="security">How the destination's connections are protected.</param>
    public static async Task<string> Ensure(LandlockUse use, IConfinement? by, LogSettings log, INodes nodes,
        DestinationSettings settings, Func<NodeSecurity> security)
    {
        if (use == LandlockUse.Off) return "landlock: off, as it is configured";
        if (by?.WhyMissing is { } why) return Without(use, why);
        if (by is null) return "landlock: off: several nodes may share this process";
        var secured = security();
        var logs = NodeLogs.Folder(log).Path;
        List<string> folders = logs is null ? [settings.Root] : [settings.Root, logs];
        if (by.IsOn) return $"landlock: on: this process can write below {string.Join(" and ", folders)} only";
        if (!Directory.Exists(settings.Root)) await nodes.MakeRoot(settings, secured);
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
        ? throw CommandFailure.Usage($"backup.destination.landlock is required, but {why}; choose auto to go without")
        : $"landlock: off: {why}";
}
