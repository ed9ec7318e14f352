using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Views;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>How a destination's standing in a run is shown.</summary>
internal static class Standings
{
    public static string Tone(MemberStanding standing) => standing switch
    {
        MemberStanding.Stored => "good",
        MemberStanding.Failed => "bad",
        MemberStanding.Away => "warn",
        MemberStanding.Preparing => "plain",
        _ => "busy",
    };

    public static string Text(MemberStanding standing, View view) =>
        Texts.Word("copy-state", standing.Code(), view.Language);
}
