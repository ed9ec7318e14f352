using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Hosting.Pages;

/// <summary>Whether a node has pages, and where.</summary>
public abstract record UiChoice
{
    private UiChoice() { }

    /// <summary>Reads <c>auto</c>, <c>on</c>, <c>off</c> or <c>HOST:PORT</c>.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static UiChoice Parse(string text) => text switch
    {
        "auto" => new Auto(),
        "on" or "true" or "yes" => new On(),
        "off" or "false" or "no" => new Off(),
        _ => NodeAddress.TryParse(text, null, out var address, out var why)
            ? new At(address) : throw new BadTextException(why),
    };

    /// <summary>A coordinator has them, other nodes don't.</summary>
    public sealed record Auto : UiChoice;

    /// <summary>On loopback, at the role's own port.</summary>
    public sealed record On : UiChoice;

    /// <summary>No pages.</summary>
    public sealed record Off : UiChoice;

    /// <summary>There and nowhere else.</summary>
    public sealed record At(NodeAddress Address) : UiChoice;
}
