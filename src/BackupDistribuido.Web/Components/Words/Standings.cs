using BackupDistribuido.Core.Delivery.Progress;
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

    public static string Text(MemberStanding standing, View view) => standing switch
    {
        MemberStanding.Preparing => view.Say("getting ready", "preparándose"),
        MemberStanding.Copying => view.Say("copying", "copiando"),
        MemberStanding.Publishing => view.Say("making it durable", "asegurando en disco"),
        MemberStanding.Stored => view.Say("stored", "guardada"),
        MemberStanding.Resuming => view.Say("reading what it had", "releyendo lo que tenía"),
        MemberStanding.Away => view.Say("away", "ausente"),
        _ => view.Say("failed", "falló"),
    };
}
