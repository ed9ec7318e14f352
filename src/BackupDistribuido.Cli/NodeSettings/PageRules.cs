using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Cli.NodeSettings;

/// <summary>Reads the settings of a node's pages from its configuration.</summary>
internal static class PageRules
{
    /// <summary>Whether a command line wants pages for an origin or a destination.</summary>
    public static bool AreWanted(Flags flags, string role) =>
        new NodeConfiguration(flags, role).Get(Settings.Ui) is UiChoice.On or UiChoice.At;

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandFailure">It is not right, with the reason.</exception>
    public static PagesOptions Read(NodeConfiguration configuration, NodeSecurity security) =>
        new(configuration.Get(Settings.Ui), configuration.Find(Settings.UiPassword), MetricsKeyOf(configuration))
        {
            Origins = [.. configuration.GetList(Settings.UiOrigins).Select(text => new Uri(text))],
            MayBePlain = security is NodeSecurity.Insecure || configuration.Get(Settings.UiInsecure),
        };

    private static MetricsKey? MetricsKeyOf(NodeConfiguration configuration)
    {
        if (configuration.Find(Settings.MetricsKeyFile) is not { } file) return null;
        try
        {
            return MetricsKey.Parse(File.ReadAllText(file));
        }
        catch (FormatException e)
        {
            throw CommandFailure.Usage(
                $"{Settings.MetricsKeyFile.Key} = {file}: {e.Message}; make one with: head -c 24 /dev/urandom | base64 "
                + $"> {file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{Settings.MetricsKeyFile.Key} = {file}: {Unreadable.Why(file, e)}");
        }
    }
}
