using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Web.Components.Views;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>Events as a page shows them. Of what an older version put into the record only the line is known, in
/// English.</summary>
internal static class EventWords
{
    /// <summary>good, bad, warn or plain.</summary>
    public static string Tone(NodeEvent happened) => EventDescriptors.SeverityOf(happened) switch
    {
        Severity.Good => "good",
        Severity.Bad => "bad",
        Severity.Warning => "warn",
        _ => "plain",
    };

    /// <summary>One sentence. A coordinator's page has the runs of several origins.</summary>
    public static string Text(NodeEvent happened, View view)
    {
        var text = EventTexts.Of(happened, view.Language);
        if (happened is RunFinished { Origin: var origin } && view.State.Role == NodeRole.Coordinator)
            return $"{origin}: {text}";
        return text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..]}";
    }
}
