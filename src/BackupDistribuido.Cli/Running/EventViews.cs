using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Cli.Output.Live;

namespace BackupDistribuido.Cli.Running;

/// <summary>Makes the view for a command.</summary>
internal static class EventViews
{
    /// <summary>The view of a mode; <see cref="OutputMode.Auto"/> means the live one here.</summary>
    public static IEventView Create(OutputMode mode, NodeLaunch launch, bool files, CommandEnvironment environment) =>
        mode switch
        {
            OutputMode.Json => new JsonView(environment.Out, launch.Role),
            OutputMode.Auto =>
                LiveView.Start(environment.LiveConsole!(),
                    new LiveModel(launch.Role, $"bdist {launch.Command}{(launch.Name is { } name ? $" {name}" : "")}")),
            _ => new PlainView(environment.Out, files),
        };
}
