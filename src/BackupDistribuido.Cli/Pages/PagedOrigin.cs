using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Commands;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Cli.Pages;

/// <summary>An origin under a page.</summary>
internal sealed class PagedOrigin(CommandHost host, Flags flags, NodeContext context, OriginControl control)
    : IPagedNode
{
    public IReadOnlyDictionary<Setting, string?> Choices(NodeSetup setup) => new Dictionary<Setting, string?>
    {
        [Settings.Source] = setup.Folder,
        [Settings.Coordinator] = setup.Coordinator,
        [Settings.Copies] = setup.Copies.ToString(System.Globalization.CultureInfo.InvariantCulture),
        [Settings.OriginName] = setup.Name.Length > 0 ? setup.Name : null,
        [Settings.StartWhenReady] = setup.StartWhenReady ? "true" : "false",
    };

    public (string Name,
        Func<CancellationToken, Task<ExitCode>> Run) Prepare(IReadOnlyDictionary<Setting, string?> choices)
    {
        var configuration = new NodeConfiguration(flags.Over(choices), "origin");
        var settings =
            OriginCommand.Read(configuration, host.Environment, reportFiles: true) with { Control = control };
        SourceFolder.Check(settings.Source);
        var secured = context with { Security = SecurityRule.Of(configuration, [settings.Coordinator]) };
        return (settings.Name.ToString(), stop => host.Nodes.RunOrigin(settings, secured, stop));
    }

    public void LetStart(bool may) => control.MayStart = may;

    public void Pause(bool paused) => control.IsPaused = paused;

    public IReadOnlyList<string> Paused => [];

    public VerifyState Verify => VerifyState.Nothing;

    public void VerifyNow() { }

    public long? FreeBytes(string folder) => null;

    public IReadOnlyList<HeldByOrigin> Held(string folder) => [];
}
