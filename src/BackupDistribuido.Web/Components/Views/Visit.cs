using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Web.Components.Views;

/// <summary>What was known of a browser when its page was asked for.</summary>
/// <param name="IsGuessed">Nobody has chosen between dark and light here before.</param>
internal sealed record Visit(Language Language, bool IsDark, bool IsGuessed);
