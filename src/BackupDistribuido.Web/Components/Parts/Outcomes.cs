using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Web.Components.Parts;

/// <summary>How a run's outcome is shown.</summary>
internal static class Outcomes
{
    public static string Tone(RunOutcome outcome) => outcome == RunOutcome.Protected ? "good" : "bad";

    public static string Text(RunOutcome outcome, View view) => outcome switch
    {
        RunOutcome.Protected => view.Say("protected", "protegida"),
        RunOutcome.AtRisk => view.Say("at risk", "en riesgo"),
        _ => view.Say("failed", "falló"),
    };
}
