using System.Text.Json.Serialization;

namespace BackupDistribuido.Core.Peers;

/// <summary>What is spoken on a link, or what a node can speak: the protocol's version, and what it may do beyond
/// that.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Capabilities">None in version 1.</param>
public sealed record LinkProfile(int Version, Capabilities Capabilities)
{
    /// <summary>The protocol's newest version.</summary>
    public const int NewestVersion = 2;

    /// <summary>The oldest version that is still spoken, with older nodes.</summary>
    public const int OldestVersion = 1;

    /// <summary>What a node speaks that says nothing of it.</summary>
    public static LinkProfile First { get; } = new(1, Capabilities.None);

    /// <summary>All that this program speaks.</summary>
    public static LinkProfile Newest { get; } = new(NewestVersion, Capabilities.Known);

    /// <summary>What two nodes speak with each other.</summary>
    public LinkProfile With(LinkProfile other)
    {
        var version = Math.Clamp(Math.Min(Version, other.Version), OldestVersion, NewestVersion);
        return version < 2 ? First : new LinkProfile(version, Capabilities.And(other.Capabilities));
    }

    /// <summary>The same version, and nothing beyond it.</summary>
    [JsonIgnore]
    public LinkProfile Plain => this with { Capabilities = Capabilities.None };

    /// <summary>Whether content may be asked for by its digest.</summary>
    [JsonIgnore]
    public bool HasContent => Capabilities.Has(Capabilities.Content);
}
