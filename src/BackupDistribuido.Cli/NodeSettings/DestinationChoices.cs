using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Hosting.Control;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>The settings from a destination's page, on top of its command line.</summary>
/// <param name="host">This host's name, for default names.</param>
internal sealed class DestinationChoices(Flags flags, KeptChoices kept, string host)
    : INodeChoices<DestinationSettings>
{
    /// <inheritdoc/>
    public string KeptIn => kept.Path;

    /// <inheritdoc/>
    public (DestinationSettings Settings, NodeSecurity Security) Read(NodeSetup setup)
    {
        var configuration = new NodeConfiguration(flags.Over(Choices(setup)), "destination");
        var settings = DestinationRules.Read(configuration, host);
        return (settings, SecurityRule.Of(configuration, DestinationRules.Addresses(settings)));
    }

    /// <inheritdoc/>
    public void Keep(NodeSetup setup) => kept.Save(Choices(setup));

    private static Dictionary<Setting, string?> Choices(NodeSetup setup) => new()
    {
        [Settings.Root] = setup.Folder,
        [Settings.Coordinator] = setup.Coordinator,
        [Settings.DestinationName] = setup.Name.Length > 0 ? setup.Name : null,
    };
}
