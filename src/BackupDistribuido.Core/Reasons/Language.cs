namespace BackupDistribuido.Core.Reasons;

/// <summary>The languages of texts for users, each with its own resource file.</summary>
public enum Language
{
    /// <summary>English.</summary>
    English,
    /// <summary>Spanish.</summary>
    Spanish,
}
