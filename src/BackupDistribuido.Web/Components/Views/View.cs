using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Components.Views;

/// <summary>What all parts of an open page show: the node's state, and in which language.</summary>
public sealed record View(Language Language, NodeState State)
{
    /// <summary>The text in the page's language.</summary>
    public string Say(string english, string spanish) => Language == Language.Spanish ? spanish : english;

    /// <summary>When it is, for ages.</summary>
    public DateTimeOffset Now => State.Time;
}
