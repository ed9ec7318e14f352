namespace BackupDistribuido.Web.Pages;

/// <summary>What a page is written in.</summary>
public enum Language
{
    /// <summary>English.</summary>
    English,
    /// <summary>Spanish.</summary>
    Spanish,
}
