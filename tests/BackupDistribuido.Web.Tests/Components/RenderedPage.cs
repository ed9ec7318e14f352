using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Feed;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace BackupDistribuido.Web.Tests.Components;

/// <summary>Renders parts of pages for a state.</summary>
public abstract class RenderedPage : BunitContext
{
    internal HandQueries Queries { get; } = new();

    /// <summary>Whether the page listens already.</summary>
    protected bool IsInteractive { get; set; } = true;

    protected RenderedPage()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    /// <summary>A coordinator's state.</summary>
    internal static NodeState Coordinator(ClusterStatus cluster, string? problem = null) =>
        new(NodeRole.Coordinator, "", SampleStatus.Now, cluster, problem is null ? null : Reason.Text(problem), [],
            OwnState.Nothing);

    internal IRenderedComponent<CascadingValue<View>> Show<T>(NodeState state, Language language,
        params (string Name, object Value)[] parameters) where T : IComponent
    {
        Services.AddSingleton(new NodeFeed(state.Role, "", TimeProvider.System, Queries));
        SetRendererInfo(new RendererInfo("Server", IsInteractive));
        return Render<CascadingValue<View>>(value => value.Add(one => one.Value, new View(language, state))
            .AddChildContent(builder =>
        {
            builder.OpenComponent<T>(0);
            foreach (var (name, given) in parameters) builder.AddAttribute(1, name, given);
            builder.CloseComponent();
        }));
    }
}
