namespace BackupDistribuido.Hosting.Processes;

/// <summary>Keeps this process from writing anywhere but below some folders.</summary>
public interface IConfinement
{
    /// <summary>Why confinement is not available here; null: it is.</summary>
    string? WhyMissing { get; }

    /// <summary>True once the process is confined.</summary>
    bool IsOn { get; }

    /// <summary>Confines it: the program starts over, with the same command line and process id. Returns only by
    /// failing.</summary>
    /// <exception cref="IOException">The system refused; nothing has changed.</exception>
    void Enter(IReadOnlyList<string> folders);
}
