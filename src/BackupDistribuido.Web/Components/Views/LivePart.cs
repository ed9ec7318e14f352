using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Pages;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Components.Views;

/// <summary>A part of a page that shows the node's state; it is rendered again when that changes.</summary>
public abstract class LivePart : ComponentBase
{
    /// <summary>The content to render.</summary>
    [CascadingParameter]
    public View View { get; set; } = null!;

    /// <summary>The node's state.</summary>
    protected NodeState State => View.State;

    /// <summary>The text in the page's language.</summary>
    protected string T(string english, string spanish) => View.Say(english, spanish);

    /// <summary>The text of that name in the page's language, with its parameters.</summary>
    protected string Told(string name, params ReadOnlySpan<(string Name, PhrasePart Part)> parts) =>
        Texts.Of(new Phrase(name, parts), View.Language);

    /// <summary>A reason in the page's language, as far as it is one of ours.</summary>
    protected string Why(Reason reason) => ReasonTexts.Of(reason, View.Language);

    /// <summary>A size, <c>1.5 MiB</c>.</summary>
    protected string Bytes(long bytes) => Figures.Bytes(bytes, View.Language);

    /// <summary>A speed, <c>1.5 MiB/s</c>.</summary>
    protected string PerSecond(double bytes) => Figures.Bytes((long)bytes, View.Language) + "/s";

    /// <summary>A count with its thousands parted.</summary>
    protected string Number(long number) => Figures.Number(number, View.Language);

    /// <summary>How long a run took.</summary>
    protected string Duration(double seconds) => Figures.Duration(seconds, View.Language);

    /// <summary>How long ago that was.</summary>
    protected string Ago(DateTimeOffset time) =>
        T($"{Figures.Span(View.Now - time)} ago", $"hace {Figures.Span(View.Now - time)}");
}
