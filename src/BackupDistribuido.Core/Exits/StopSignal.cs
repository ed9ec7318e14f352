namespace BackupDistribuido.Core.Exits;

/// <summary>Which signal asked a command to stop.</summary>
public enum StopSignal
{
    /// <summary>SIGINT: Ctrl-C.</summary>
    Interrupt,
    /// <summary>SIGTERM, or SIGHUP of a terminal that was closed.</summary>
    Terminate,
}
