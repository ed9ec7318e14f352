namespace BackupDistribuido.Hosting.Processes;

/// <summary>Whether a destination holds itself to its folders by the kernel's Landlock.</summary>
public enum LandlockUse
{
    /// <summary>Where the kernel has it.</summary>
    Auto,
    /// <summary>Never.</summary>
    Off,
    /// <summary>Or it does not start.</summary>
    Required,
}
