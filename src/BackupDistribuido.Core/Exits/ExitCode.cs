namespace BackupDistribuido.Core.Exits;

/// <summary>The exit codes of every command; scripts rely on them.</summary>
public enum ExitCode
{
    /// <summary>Protected and complete; or a node that was asked to stop.</summary>
    Success = 0,
    /// <summary>An unexpected failure: a bug, or a fault of the machine.</summary>
    Unexpected = 1,
    /// <summary>Wrong usage or configuration.</summary>
    Usage = 2,
    /// <summary>Not enough destinations within the wait.</summary>
    NotEnoughDestinations = 3,
    /// <summary>Protected, but some entries could not be read or are of a kind that is not copied.</summary>
    Incomplete = 4,
    /// <summary>At risk, failed or unknown: fewer replicas than required.</summary>
    AtRisk = 5,
    /// <summary>Busy: a name or a root in use.</summary>
    Busy = 6,
    /// <summary>Interrupted by SIGINT.</summary>
    Interrupted = 130,
    /// <summary>Terminated by SIGTERM.</summary>
    Terminated = 143,
}
