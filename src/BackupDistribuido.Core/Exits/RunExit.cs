using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Exits;

/// <summary>The exit code of an origin or a copy, from how its run ended.</summary>
public static class RunExit
{
    /// <summary>The code of a run that ended on its own.</summary>
    public static ExitCode Of(RunSummary summary) => summary switch
    {
        { Outcome: not RunOutcome.Protected } => ExitCode.AtRisk,
        { Skipped: > 0 } => ExitCode.Incomplete,
        _ when summary.Destinations.Any(one => one is { State: ReplicaState.Stored, Missing: > 0 }) =>
            ExitCode.Incomplete,
        _ => ExitCode.Success,
    };

    /// <summary>The code of a question about all origins: that of the one in the worst state.</summary>
    public static ExitCode Of(ClusterStatus status) => status.Worst is { } worst ? Of(worst) : ExitCode.Success;

    /// <summary>The code of a question about an origin in that state.</summary>
    public static ExitCode Of(Standing standing) =>
        standing > Standing.Incomplete ? ExitCode.AtRisk
        : standing == Standing.Incomplete ? ExitCode.Incomplete : ExitCode.Success;

    /// <summary>
    /// The code of a command. <paramref name="summary"/> is null if no run ended, <paramref name="signal"/> if no stop
    /// was requested: without both, no run was begun within the wait. What is protected stays protected; any other
    /// command that was asked to stop was interrupted.
    /// </summary>
    public static ExitCode Of(RunSummary? summary, StopSignal? signal) => (summary, signal) switch
    {
        ({ Outcome: RunOutcome.Protected }, _) or (not null, null) => Of(summary),
        (_, StopSignal.Interrupt) => ExitCode.Interrupted,
        (_, StopSignal.Terminate) => ExitCode.Terminated,
        _ => ExitCode.NotEnoughDestinations,
    };
}
