using System.Globalization;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Hosting.Control;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>The settings from an origin's page, on top of its command line.</summary>
/// <param name="host">This host's name, for default names.</param>
/// <param name="dataFolder">Folder for its record of the last run, if none is configured.</param>
internal sealed class OriginChoices(Flags flags, KeptChoices kept, string host, string dataFolder)
    : INodeChoices<OriginSettings>
{
    /// <inheritdoc/>
    public string KeptIn => kept.Path;

    /// <inheritdoc/>
    public (OriginSettings Settings, NodeSecurity Security) Read(NodeSetup setup)
    {
        var configuration = new NodeConfiguration(flags.Over(Choices(setup)), "origin");
        var settings = OriginRules.Read(configuration, host, dataFolder, reportFiles: true);
        SourceFolder.Check(settings.Tree.Source);
        return (settings, SecurityRule.Of(configuration, [settings.Coordinator]));
    }

    /// <inheritdoc/>
    public void Keep(NodeSetup setup) => kept.Save(Choices(setup));

    private static Dictionary<Setting, string?> Choices(NodeSetup setup) => new()
    {
        [Settings.Source] = setup.Folder,
        [Settings.Coordinator] = setup.Coordinator,
        [Settings.Copies] = setup.Copies.ToString(CultureInfo.InvariantCulture),
        [Settings.OriginName] = setup.Name.Length > 0 ? setup.Name : null,
        [Settings.StartWhenReady] = setup.StartWhenReady ? "true" : "false",
    };
}
