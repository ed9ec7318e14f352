namespace BackupDistribuido.Core.Reasons;

/// <summary>The languages that texts for people are in, each with a resource file of its own.</summary>
public enum Language
{
    /// <summary>English.</summary>
    English,
    /// <summary>Spanish.</summary>
    Spanish,
}
