using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Hosting.Events;

/// <summary>Events in words for the command line and logs, which are English.</summary>
public static class EventText
{
    /// <summary>The event in one line, without a time.</summary>
    public static string Describe(NodeEvent happened) => happened switch
    {
        DeliveryProgress e => ProgressText.Line(e),
        ReceptionProgress e => $"receiving {e.Origin} {e.Snapshot}: {ProgressText.Copy(e.Copy)}",
        _ => EventTexts.Of(happened, Language.English),
    };
}
