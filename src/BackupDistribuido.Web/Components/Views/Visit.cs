using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Web.Components.Views;

/// <summary>What was known of a browser when its page was requested.</summary>
/// <param name="IsGuessed">No choice between dark and light has been made here before.</param>
internal sealed record Visit(Language Language, bool IsDark, bool IsGuessed);
