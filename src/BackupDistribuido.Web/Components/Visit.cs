using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components;

/// <summary>What was known of a browser when its page was asked for.</summary>
/// <param name="IsGuessed">Neither it nor a choice made before has told dark from light.</param>
internal sealed record Visit(Language Language, bool IsDark, bool IsGuessed);
