namespace BackupDistribuido.Cli.Configuration;

/// <summary>Whether a destination holds itself to its folders by the kernel's Landlock.</summary>
internal enum LandlockUse
{
    /// <summary>Where the kernel has it.</summary>
    Auto,
    /// <summary>Never.</summary>
    Off,
    /// <summary>Or it does not start.</summary>
    Required,
}
